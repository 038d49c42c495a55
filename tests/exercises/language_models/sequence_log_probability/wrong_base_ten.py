# misconception: log is the logarithm to base 10
# message: this is a logarithm to base 10
import math


def sequence_log_probability(tokens, probability):
    return sum(math.log10(probability(tokens[t - 1], tokens[t])) for t in range(1, len(tokens)))
