# misconception: the range stops one window too early
# message: the last n-gram, \('cat', 'ran'\), is missing: where does your last window begin
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
