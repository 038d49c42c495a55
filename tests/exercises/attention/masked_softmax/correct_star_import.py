# approach: names from torch, all of them
from torch import *  # noqa: F403


def masked_softmax(scores, mask):
    weights = softmax(where(mask, scores, tensor(-1e30)), 1)  # noqa: F405
    return where(mask, weights, tensor(0.0))  # noqa: F405
