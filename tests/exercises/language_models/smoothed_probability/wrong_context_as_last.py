# misconception: counts the n-grams that end with the context instead of those that begin with it
# message: sum to 2.600, more than 1.
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[1:] == context)
    return (counts.get((*context, token), 0) + alpha) / (total + alpha * vocab_size)
