# misconception: a small number added to the temperature avoids a division by zero and harms nobody
# message: at temperature 0.0\d+: a probability is
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits / (temperature + 1e-4), dim=0)
