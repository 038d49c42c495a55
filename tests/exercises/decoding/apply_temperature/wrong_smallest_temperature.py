# misconception: a temperature below 0.01 is unsafe
# message: at temperature 0.001: a probability is
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits / max(temperature, 0.01), dim=0)
