# misconception: the caller does not need the logits any more
# message: your function changed the logits that were given to it
import torch


def apply_temperature(logits, temperature):
    logits -= logits.max()
    logits /= temperature
    return torch.softmax(logits, dim=0)
