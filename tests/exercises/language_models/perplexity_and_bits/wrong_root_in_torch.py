# misconception: the N-th root is taken last, in torch, where overflow is inf
# message: the perplexity of a text of 5000 tokens is inf
import math

import torch


def perplexity(log_probability, num_tokens):
    return torch.exp(torch.tensor(-log_probability)) ** (1 / num_tokens)


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode())
