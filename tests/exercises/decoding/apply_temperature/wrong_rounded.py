# misconception: three digits are enough, as in the example
# message: a probability is|probabilities sum to|are wrong
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits / temperature, dim=0).round(decimals=3)
