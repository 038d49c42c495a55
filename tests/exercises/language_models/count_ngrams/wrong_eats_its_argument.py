# misconception: the list belongs to the function
# message: changed the list that it was given
from collections import Counter


def count_ngrams(tokens, n):
    counts = Counter()
    while len(tokens) >= n:
        counts[tuple(tokens[:n])] += 1
        tokens.pop(0)
    return counts
