# misconception: the order of the tokens inside an n-gram does not matter
# message: \('cat', 'the'\) do not occur in the text in this order
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        ngram = tuple(sorted(tokens[start : start + n]))
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
