# misconception: bits of the whole text
# message: this is the whole text, not one byte
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2)
