# misconception: alpha is added once to the denominator, not once per token of the vocabulary
# message: more than 1. .*how much does alpha add
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts.get((*context, token), 0) + alpha) / (total + alpha)
