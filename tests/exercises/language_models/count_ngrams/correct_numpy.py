# approach: numpy's sliding windows over token numbers, and unique rows
import numpy as np


def count_ngrams(tokens, n):
    if len(tokens) < n:
        return {}
    vocabulary = list(dict.fromkeys(tokens))
    ids = np.array([vocabulary.index(token) for token in tokens])
    rows, counts = np.unique(np.lib.stride_tricks.sliding_window_view(ids, n), axis=0, return_counts=True)
    return {tuple(vocabulary[i] for i in row): count for row, count in zip(rows, counts, strict=True)}
