# misconception: any encoding has the same number of bytes
# message: 27 bits for 18 bytes are not
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-16"))
