# misconception: the sum of all probabilities is exactly 1
# message: IndexError|out of bounds|index \d+
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    last = int(torch.searchsorted(ordered.cumsum(dim=0), p))
    threshold, filtered = ordered[last], torch.zeros_like(probabilities)
    filtered[tokens[: last + 1]] = ordered[: last + 1].clamp(min=threshold.item())
    return filtered / filtered.sum()
