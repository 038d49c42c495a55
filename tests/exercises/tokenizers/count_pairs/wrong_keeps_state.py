# misconception: a default argument is made anew at each call
# message: have a wrong count, among them
from itertools import pairwise


def count_pairs(words, counts={}):  # noqa: B006
    for tokens, count in words.items():
        for pair in pairwise(tokens):
            counts[pair] = counts.get(pair, 0) + count
    return counts
