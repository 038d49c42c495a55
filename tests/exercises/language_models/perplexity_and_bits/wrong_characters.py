# misconception: a character is a byte
# message: you divided by the number of characters, not of bytes
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text)
