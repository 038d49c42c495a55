# misconception: tokens can be joined by spaces and split again
# message: have a wrong count, among them
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    counts = Counter()
    for tokens, count in words.items():
        for pair in pairwise(" ".join(tokens).split()):
            counts[pair] += count
    return counts
