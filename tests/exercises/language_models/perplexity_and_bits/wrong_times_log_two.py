# misconception: nats become bits by multiplying with log 2
# message: you multiplied nats by log 2
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability * math.log(2) / len(text.encode("utf-8"))
