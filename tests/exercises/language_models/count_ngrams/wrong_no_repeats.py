# misconception: each n-gram is noted once; a second occurrence overwrites the first
# message: occurs several times and you counted 1
def count_ngrams(tokens, n):
    counts = {}
    for start in range(len(tokens) - n + 1):
        counts[tuple(tokens[start : start + n])] = 1
    return counts
