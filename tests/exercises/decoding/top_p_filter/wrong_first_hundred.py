# misconception: no more than 100 tokens matter
# message: tokens with p=.* stay instead of
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = min(100, int((ordered.cumsum(dim=0) < p).sum()) + 1)
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
