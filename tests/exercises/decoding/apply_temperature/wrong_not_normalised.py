# misconception: softmax first, then a division by the temperature
# message: your probabilities at temperature 0.5 sum to 2.000
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits, dim=0) / temperature
