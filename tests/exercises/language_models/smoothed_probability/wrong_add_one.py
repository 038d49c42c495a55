# misconception: smoothing always adds one; alpha is not used
# message: Does your code use alpha
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts.get((*context, token), 0) + 1) / (total + vocab_size)
