# misconception: the running sum can be taken in the order of the vocabulary
# message: which are not the most probable ones|fewer tokens are enough
import torch


def top_p_filter(probabilities, p):
    size = int((probabilities.cumsum(0) < p).sum()) + 1
    result = torch.zeros_like(probabilities)
    result[:size] = probabilities[:size]
    return result / result.sum()
