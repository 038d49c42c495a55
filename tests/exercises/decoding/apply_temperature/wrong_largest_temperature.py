# misconception: a temperature above 100 makes no sense
# message: at temperature 1000.0: a probability is
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits / min(temperature, 100), dim=0)
