# approach: each word as often as it occurs, with zip
import itertools
from collections import Counter


def count_pairs(words):
    counts = Counter()
    for tokens, count in words.items():
        for _ in range(count):
            counts.update(itertools.pairwise(tokens))
    return counts
