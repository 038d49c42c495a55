# approach: a plain loop over the positions, and a dictionary
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
