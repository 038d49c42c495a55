# misconception: the first token is scored as well, given the last one (index -1)
# message: you scored four tokens: the first one is given
import math


def sequence_log_probability(tokens, probability):
    return sum(math.log(probability(tokens[t - 1], tokens[t])) for t in range(len(tokens)))
