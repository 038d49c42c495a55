# misconception: a tiny alpha has to be kept away from zero
# message: wrong for
def smoothed_probability(counts, context, token, vocab_size, alpha):
    alpha = max(alpha, 0.001)
    seen = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts.get((*context, token), 0) + alpha) / (seen + alpha * vocab_size)
