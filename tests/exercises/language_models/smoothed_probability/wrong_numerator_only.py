# misconception: alpha belongs into the numerator alone
# message: sum to \d\.\d+, more than 1. .*the denominator is too small
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts.get((*context, token), 0) + alpha) / total
