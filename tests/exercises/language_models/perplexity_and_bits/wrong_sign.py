# misconception: a log-probability is positive already
# message: perplexity is never below 1. Check the sign
import math


def perplexity(log_probability, num_tokens):
    return math.exp(log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return log_probability / math.log(2) / len(text.encode("utf-8"))
