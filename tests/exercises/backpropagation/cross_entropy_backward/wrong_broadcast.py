# misconception: indexing with all rows picks one entry of each
# message: what is subtracted in a row, and how often
import torch


def cross_entropy_backward(logits, targets):
    gradient = torch.softmax(logits, dim=1)
    gradient[:, targets] -= 1
    return gradient / len(logits)
