# misconception: bits are negative, as log-probabilities are
# message: bits are counted as a positive number
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return log_probability / math.log(2) / len(text.encode("utf-8"))
