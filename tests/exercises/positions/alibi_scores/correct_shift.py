# approach: the penalty up to a constant of the row, which is added again
import torch


def alibi_scores(scores, slopes):
    num_heads, num_queries, num_keys = scores.shape
    s = torch.arange(num_keys).view(1, 1, -1)
    t = torch.arange(num_queries).view(1, -1, 1) + (num_keys - num_queries)
    m = slopes.view(num_heads, 1, 1)
    lowered = scores.double() + m * s - m * t
    return torch.where(s <= t, lowered, torch.tensor(float("-inf"), dtype=torch.float64))
