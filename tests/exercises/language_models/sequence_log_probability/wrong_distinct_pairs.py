# misconception: a pair that repeats counts once
# message: is each of them in the result
import math
from itertools import pairwise


def sequence_log_probability(tokens, probability):
    return sum(math.log(probability(*pair)) for pair in set(pairwise(tokens)))
