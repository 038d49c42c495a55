# approach: one loop over the counts
def smoothed_probability(counts, context, token, vocab_size, alpha):
    numerator, denominator = alpha, alpha * vocab_size
    for ngram, count in counts.items():
        if ngram[:-1] == context:
            denominator += count
            if ngram[-1] == token:
                numerator += count
    return numerator / denominator
