# misconception: the last word's count is the count
# message: is in 3 words and has the count 1: .* do the counts of all words add up
from itertools import pairwise


def count_pairs(words):
    return {pair: count for tokens, count in words.items() for pair in pairwise(tokens)}
