# misconception: the logarithm of the product is taken at the end, when the product has become 0
# message: product of 999 probabilities is too small for a float
import math


def sequence_log_probability(tokens, probability):
    product = 1.0
    for t in range(1, len(tokens)):
        product *= probability(tokens[t - 1], tokens[t])
    return math.log(product)
