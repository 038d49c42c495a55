# misconception: a pair is in a word or not
# message: and you count \('a', 'a'\) once in each: pairs overlap
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    counts = Counter()
    for tokens, count in words.items():
        for pair in set(pairwise(tokens)):
            counts[pair] += count
    return counts
