# misconception: the average per token instead of the sum
# message: this is the average per token
import math


def sequence_log_probability(tokens, probability):
    logs = [math.log(probability(tokens[t - 1], tokens[t])) for t in range(1, len(tokens))]
    return sum(logs) / max(len(logs), 1)
