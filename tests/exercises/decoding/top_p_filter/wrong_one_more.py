# misconception: the sum must be more than p, so one more token stays when it is reached exactly
# message: fewer tokens are enough to have at least 0.75
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    kept = ordered.cumsum(0) - ordered <= p
    result = torch.zeros_like(probabilities)
    result[tokens[kept]] = ordered[kept]
    return result / result.sum()
