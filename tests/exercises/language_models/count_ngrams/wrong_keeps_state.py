# misconception: a default argument is made anew at each call; counts of one text leak into the next
# message: a second call counts 16 instead of 8: does your function remember the first
def count_ngrams(tokens, n, counts={}):  # noqa: B006
    for start in range(len(tokens) - n + 1):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
