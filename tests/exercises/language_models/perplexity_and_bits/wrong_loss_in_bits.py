# misconception: perplexity is the loss in bits
# message: average number of bits per token, not yet a perplexity
import math


def perplexity(log_probability, num_tokens):
    return -log_probability / num_tokens / math.log(2)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-8"))
