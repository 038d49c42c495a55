# misconception: if p is 1, the tensor itself is the result
# message: your function returned the tensor that was given to it, not a new one
import torch


def top_p_filter(probabilities, p):
    if p == 1:
        return probabilities
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = (ordered.cumsum(dim=0) < p).sum() + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
