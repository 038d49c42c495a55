# misconception: the order inside a pair does not matter
# message: \('o', 'l'\) stands in the words in the other order
from itertools import pairwise


def count_pairs(words):
    counts = {}
    for tokens, count in words.items():
        for left, right in pairwise(tokens):
            counts[right, left] = counts.get((right, left), 0) + count
    return counts
