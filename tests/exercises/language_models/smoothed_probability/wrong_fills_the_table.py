# misconception: the table that was passed in may be completed
# message: changed `counts`
def smoothed_probability(counts, context, token, vocab_size, alpha):
    counts.setdefault((*context, token), 0)
    seen = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return (counts[(*context, token)] + alpha) / (seen + alpha * vocab_size)
