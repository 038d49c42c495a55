# misconception: a little more than p is safer against rounding
# message: fewer tokens are enough to have at least
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = (ordered.cumsum(dim=0) < p + 1e-3).sum() + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
