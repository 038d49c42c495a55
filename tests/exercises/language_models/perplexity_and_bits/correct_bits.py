# approach: everything in bits; powers of 2, and log2(e) as the factor
import math


def perplexity(log_probability, num_tokens):
    return 2 ** (-log_probability * math.log2(math.e) / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability * math.log2(math.e) / len(bytes(text, "utf-8"))
