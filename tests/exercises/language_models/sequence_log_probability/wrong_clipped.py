# misconception: a smallest value keeps the logarithm finite, and so the result right
# message: 999 scored tokens, each with probability 0.1, give -690.8
import math


def sequence_log_probability(tokens, probability):
    product = 1.0
    for t in range(1, len(tokens)):
        product *= probability(tokens[t - 1], tokens[t])
    return math.log(max(product, 1e-300))
