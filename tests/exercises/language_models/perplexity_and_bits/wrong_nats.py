# misconception: nats are bits
# message: this is in nats per byte
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / len(text.encode("utf-8"))
