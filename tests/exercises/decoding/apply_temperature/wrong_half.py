# misconception: half precision is accurate enough
# message: a probability is|the logits 0, log 2 and log 5 give|give nan|are wrong
import torch


def apply_temperature(logits, temperature):
    return torch.softmax((logits / temperature).bfloat16(), dim=0)
