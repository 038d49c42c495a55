# misconception: an n-gram is a string with spaces, so that tokens with spaces and integers are lost
# message: the key 'the cat' is a str, not a tuple
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        ngram = " ".join(tokens[start : start + n])
        counts[ngram] = counts.get(ngram, 0) + 1
    return counts
