# misconception: a log-probability is positive, like a loss
# message: the sign is wrong
import math


def sequence_log_probability(tokens, probability):
    return -sum(math.log(probability(tokens[t - 1], tokens[t])) for t in range(1, len(tokens)))
