# misconception: the context is one token, so its first word is enough; right for pairs, wrong for longer n-grams
# message: after \('the', 'cat'\) sum to 0.\d+, less than 1
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[0] == context[0])
    return (counts.get((*context, token), 0) + alpha) / (total + alpha * vocab_size)
