# misconception: perplexity is 1 / probability of the whole text
# message: OverflowError for a text of 5000 tokens. The probability of a whole text
import math


def perplexity(log_probability, num_tokens):
    return math.exp(-log_probability)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode("utf-8"))
