# approach: products of at most 20 probabilities, and the sum of their logarithms
import math
from itertools import pairwise


def sequence_log_probability(tokens, probability):
    factors = [probability(a, b) for a, b in pairwise(tokens)]
    return sum(math.log(math.prod(factors[i : i + 20])) for i in range(0, len(factors), 20))
