# misconception: a list can be the key of a dictionary
# message: TypeError: .*unhashable type: 'list'
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        ngram = tokens[start : start + n]
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
