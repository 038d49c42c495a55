# approach: torch's softmax
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits / temperature, dim=-1)
