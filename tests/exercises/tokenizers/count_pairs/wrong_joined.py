# misconception: a pair is the string of both tokens
# message: the key 'lo' is a str, not a tuple
from itertools import pairwise


def count_pairs(words):
    counts = {}
    for tokens, count in words.items():
        for left, right in pairwise(tokens):
            counts[left + right] = counts.get(left + right, 0) + count
    return counts
