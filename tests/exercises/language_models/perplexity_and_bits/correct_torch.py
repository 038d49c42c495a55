# approach: torch, with float32 tensors as results
import torch


def perplexity(log_probability, num_tokens):
    return torch.exp(torch.tensor(-log_probability / num_tokens))


def bits_per_byte(log_probability, text):
    return torch.tensor(-log_probability / len(text.encode())) / torch.log(torch.tensor(2.0))
