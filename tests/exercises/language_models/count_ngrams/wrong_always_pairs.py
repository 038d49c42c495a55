# misconception: an n-gram is a pair; n is not used
# message: n=1: the key \('the', 'cat'\) has 2 tokens: does your code use n
from collections import Counter
from itertools import pairwise


def count_ngrams(tokens, n):
    return Counter(pairwise(tokens))
