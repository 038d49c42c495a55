# approach: one float32 tensor is added to another, token by token: the least exact of the correct ways
from itertools import pairwise

import torch


def sequence_log_probability(tokens, probability):
    total = torch.zeros(())
    for previous, token in pairwise(tokens):
        total += torch.log(torch.tensor(probability(previous, token)))
    return total
