# misconception: the dictionary belongs to the function
# message: changed the dictionary that was given to it
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    counts = Counter()
    while words:
        tokens, count = words.popitem()
        for pair in pairwise(tokens):
            counts[pair] += count
    return counts
