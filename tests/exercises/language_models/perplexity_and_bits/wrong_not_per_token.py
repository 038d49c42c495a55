# misconception: perplexity of the text instead of per token, in torch, where overflow is inf
# message: grows with the length of the text: it is not per token
import math

import torch


def perplexity(log_probability, num_tokens):
    return torch.exp(torch.tensor(-log_probability))


def bits_per_byte(log_probability, text):
    return -log_probability / math.log(2) / len(text.encode())
