# misconception: a higher temperature makes the logits larger
# message: a low temperature should make the most probable token more probable
import torch


def apply_temperature(logits, temperature):
    return torch.softmax(logits * temperature, dim=0)
