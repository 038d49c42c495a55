# misconception: the result is sorted
# message: which are not the most probable ones, or not in their places
import torch


def top_p_filter(probabilities, p):
    ordered = probabilities.sort(descending=True).values
    size = int((ordered.cumsum(0) < p).sum()) + 1
    result = torch.zeros_like(probabilities)
    result[:size] = ordered[:size]
    return result / result.sum()
