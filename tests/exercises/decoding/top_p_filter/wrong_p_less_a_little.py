# misconception: a little less than p is safer against rounding
# message: have only 0.75 together
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = (ordered.cumsum(dim=0) < p - 1e-3).sum() + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
