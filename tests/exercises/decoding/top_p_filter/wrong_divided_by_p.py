# misconception: the sum of those that stay is p
# message: the sum is 1.250, not 1
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    size = int((ordered.cumsum(0) < p).sum()) + 1
    result = torch.zeros_like(probabilities)
    result[tokens[:size]] = ordered[:size]
    return result / p
