# misconception: a small constant protects the logarithm and changes nothing
# message: is wrong|119 scored tokens
import math
from itertools import pairwise


def sequence_log_probability(tokens, probability):
    return sum(math.log(probability(a, b) + 1e-9) for a, b in pairwise(tokens))
