# misconception: n-grams cut the text into pieces, so the next one begins n tokens later
# message: \('cat', 'saw'\), which begins at token 1, is missing: does an n-gram begin at every token
def count_ngrams(tokens, n):
    counts = {}
    for start in range(0, len(tokens) - n + 1, n):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
