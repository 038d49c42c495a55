# approach: plain Python, largest logit subtracted before the division
import math

import torch


def apply_temperature(logits, temperature):
    largest = max(logits.tolist())
    weights = [math.exp((logit - largest) / temperature) for logit in logits.tolist()]
    return torch.tensor([weight / sum(weights) for weight in weights])
