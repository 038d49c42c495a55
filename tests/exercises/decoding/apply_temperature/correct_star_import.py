# approach: names from torch and math, all of them
from math import *  # noqa: F403

from torch import *  # noqa: F403


def apply_temperature(logits, temperature):
    return exp(log_softmax(logits / temperature, 0))  # noqa: F405
