# approach: a loop over positions
import math


def sequence_log_probability(tokens, probability):
    total = 0.0
    for t in range(1, len(tokens)):
        total += math.log(probability(tokens[t - 1], tokens[t]))
    return total
