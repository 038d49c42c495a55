# misconception: any base will do
# message: this is in bits: use the natural logarithm
import math


def sequence_log_probability(tokens, probability):
    return sum(math.log2(probability(tokens[t - 1], tokens[t])) for t in range(1, len(tokens)))
