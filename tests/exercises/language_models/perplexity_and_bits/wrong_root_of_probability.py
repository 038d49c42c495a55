# misconception: the N-th root of the inverse probability, computed in this order, works for any text
# message: ZeroDivisionError for a text of 5000 tokens. The probability of a whole text is too small
import math


def perplexity(log_probability, num_tokens):
    return (1 / math.exp(log_probability)) ** (1 / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-8"))
