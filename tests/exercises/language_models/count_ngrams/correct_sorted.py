# approach: sort all windows, then count equal neighbours
from itertools import groupby


def count_ngrams(tokens, n):
    windows = sorted(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))
    return {window: len(list(group)) for window, group in groupby(windows)}
