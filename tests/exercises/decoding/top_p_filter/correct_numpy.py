# approach: numpy in float64, searchsorted
import numpy as np


def top_p_filter(probabilities, p):
    values = probabilities.numpy().astype(float)
    order = np.argsort(-values)
    size = np.searchsorted(np.cumsum(values[order]), p) + 1
    mask = np.isin(np.arange(len(values)), order[:size])
    return values * mask / values[mask].sum()
