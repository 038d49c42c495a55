# misconception: relative frequencies; what was not seen is impossible
# message: has the probability 0: smoothing gives every token more
def smoothed_probability(counts, context, token, vocab_size, alpha):
    total = sum(count for ngram, count in counts.items() if ngram[:-1] == context)
    return counts.get((*context, token), 0) / total if total else 0.0
