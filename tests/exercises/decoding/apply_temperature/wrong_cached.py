# misconception: for the same size and temperature the probabilities can be kept
# message: the logits .* give|a probability is|give a result|you return|wrong
import torch

kept = {}


def apply_temperature(logits, temperature):
    key = len(logits), temperature
    if key not in kept:
        kept[key] = torch.softmax(logits / temperature, dim=0)
    return kept[key]
