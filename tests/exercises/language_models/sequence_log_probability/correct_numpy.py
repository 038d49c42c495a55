# approach: numpy
import numpy as np


def sequence_log_probability(tokens, probability):
    return np.sum(np.log([probability(tokens[t - 1], tokens[t]) for t in range(1, len(tokens))]))
