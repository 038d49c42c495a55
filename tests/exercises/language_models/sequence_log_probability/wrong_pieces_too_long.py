# misconception: products of a hundred probabilities are safe
# message: wrong|119 scored tokens|domain
import math
from itertools import pairwise


def sequence_log_probability(tokens, probability):
    factors = [probability(a, b) for a, b in pairwise(tokens)]
    pieces = [math.prod(factors[i : i + 100]) for i in range(0, len(factors), 100)]
    return sum(math.log(piece) for piece in pieces)
