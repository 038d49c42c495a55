# approach: the geometric mean of the probabilities, inverted; bytes counted one by one
import numpy as np


def perplexity(log_probability, num_tokens):
    return 1 / np.exp(log_probability / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / np.log(2) / sum(len(character.encode()) for character in text)
