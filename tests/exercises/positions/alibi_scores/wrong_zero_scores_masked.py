# misconception: tril leaves 0 where the mask is, so every 0 is masked except at the query's own position
# message: the slope 0.5
import math

import torch


def alibi_scores(scores, slopes):
    _, T, S = scores.shape
    distance = torch.arange(S - T, S)[:, None] - torch.arange(S)
    result = (scores - slopes[:, None, None] * distance).tril(S - T)
    return result.masked_fill((result == 0) & (distance != 0), -math.inf)
