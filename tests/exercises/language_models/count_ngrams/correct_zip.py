# approach: n shifted copies of the text side by side, counted by Counter
from collections import Counter


def count_ngrams(tokens, n):
    return Counter(zip(*(tokens[shift:] for shift in range(n)), strict=False))
