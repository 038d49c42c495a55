# misconception: the probabilities that stay are as they were
# message: the sum is 0.750, not 1
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    size = int((ordered.cumsum(0) < p).sum()) + 1
    result = torch.zeros_like(probabilities)
    result[tokens[:size]] = ordered[:size]
    return result
