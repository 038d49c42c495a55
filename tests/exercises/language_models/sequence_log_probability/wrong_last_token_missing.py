# misconception: the range stops one token too early
# message: you scored two tokens: one is missing
import math


def sequence_log_probability(tokens, probability):
    return sum(math.log(probability(tokens[t - 1], tokens[t])) for t in range(1, len(tokens) - 1))
