# misconception: sorting puts the most probable first
# message: which are not the most probable ones|fewer tokens are enough
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort()
    size = int((ordered.cumsum(0) < p).sum()) + 1
    result = torch.zeros_like(probabilities)
    result[tokens[:size]] = ordered[:size]
    return result / result.sum()
