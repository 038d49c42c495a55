# misconception: the arguments are the token and then what stands before it
# message: you used the probability of 'a' after 'b': which token comes first
import math


def sequence_log_probability(tokens, probability):
    return sum(math.log(probability(tokens[t], tokens[t - 1])) for t in range(1, len(tokens)))
