# misconception: the same in torch, where the logarithm of 0 is -inf and not an error
# message: log-probability of -inf: the product
from itertools import pairwise

import torch


def sequence_log_probability(tokens, probability):
    return torch.tensor([probability(a, b) for a, b in pairwise(tokens)]).prod().log()
