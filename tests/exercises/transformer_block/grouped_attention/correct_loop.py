# approach: a loop over query heads
import math

import torch


def grouped_attention(query, key, value):
    group = query.shape[1] // key.shape[1]
    outputs = []
    for h in range(query.shape[1]):
        scores = query[:, h] @ key[:, h // group].transpose(1, 2) / math.sqrt(query.shape[-1])
        outputs.append(torch.softmax(scores, dim=-1) @ value[:, h // group])
    return torch.stack(outputs, dim=1)
