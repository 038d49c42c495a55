# misconception: a softmax has a temperature by itself
# message: you return what you return at temperature 1
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits, dim=0)
