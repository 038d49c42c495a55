# misconception: perplexity is 2 to the power of the loss, whatever unit the loss has
# message: you raised 2 to a number of nats
import math


def perplexity(log_probability, num_tokens):
    return 2 ** (-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-8"))
