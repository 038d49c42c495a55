# approach: a loop over the pairs that occur
import math

import torch


def positive_pmi(counts):
    result = torch.zeros_like(counts)
    rows, columns, total = counts.sum(1).tolist(), counts.sum(0).tolist(), float(counts.sum())
    for w, c in counts.nonzero().tolist():
        result[w, c] = max(0.0, math.log(float(counts[w, c]) * total / (rows[w] * columns[c])))
    return result
