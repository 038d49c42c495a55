# misconception: the probabilities are divided by the temperature, and made to sum to 1 again
# message: does it act before the softmax or after it
import torch


def apply_temperature(logits, temperature):
    probabilities = torch.softmax(logits, dim=0) / temperature
    return probabilities / probabilities.sum()
