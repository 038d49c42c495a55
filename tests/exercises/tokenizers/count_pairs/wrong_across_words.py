# misconception: the text is one sequence, and words have no borders
# message: are no neighbours in any word: do your pairs stay inside a word
from collections import Counter
from itertools import pairwise


def count_pairs(words):
    return Counter(pairwise(token for tokens, count in words.items() for token in tokens * count))
