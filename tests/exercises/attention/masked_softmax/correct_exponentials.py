# approach: exponentials times the mask, after the largest allowed score is subtracted
import math

import torch


def masked_softmax(scores, mask):
    largest = torch.where(mask, scores, -math.inf).amax(dim=-1, keepdim=True)
    exponentials = torch.where(mask, (scores - largest).exp(), 0.0)
    total = exponentials.sum(dim=-1, keepdim=True)
    return torch.where(total > 0, exponentials / total, 0.0)
