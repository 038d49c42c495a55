# misconception: printing a result is the same as returning it
# message: returned None: does it end with `return`
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    print(counts)
