# approach: all probabilities in a float32 tensor, then log and sum
from itertools import pairwise

import torch


def sequence_log_probability(tokens, probability):
    return torch.tensor([probability(a, b) for a, b in pairwise(tokens)]).log().sum()
