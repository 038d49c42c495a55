# misconception: each different word counts once
# message: a word that occurs five times holds its pairs five times
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    return Counter(pair for tokens in words for pair in pairwise(tokens))
