# misconception: upper and lower case are the same
# message: have a wrong count, among them
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    counts = Counter()
    for tokens, count in words.items():
        for left, right in pairwise(tokens):
            counts[left.lower(), right.lower()] += count
    return counts
