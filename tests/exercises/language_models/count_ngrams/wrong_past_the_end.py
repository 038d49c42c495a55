# misconception: a window begins at every token, also where fewer than n are left
# message: the key \('ran',\) is too short: your last window runs past the end
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens)):
        ngram = tuple(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
