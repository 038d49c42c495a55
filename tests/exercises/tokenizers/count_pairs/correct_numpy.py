# approach: a matrix of counts over the different tokens
import numpy as np


def count_pairs(words):
    vocabulary = sorted({token for tokens in words for token in tokens})
    matrix = np.zeros((len(vocabulary), len(vocabulary)))
    for tokens, count in words.items():
        ids = np.array([vocabulary.index(token) for token in tokens])
        np.add.at(matrix, (ids[:-1], ids[1:]), count)
    return {(vocabulary[i], vocabulary[j]): matrix[i, j] for i, j in zip(*matrix.nonzero(), strict=True)}
