# misconception: whitespace at the ends does not count
# message: bits per byte|division by zero
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.strip().encode())
