# misconception: the sum stays below p, also if the first token alone is more
# message: Is at least one token left|What of the token with which the sum reaches p
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    kept = ordered.cumsum(0) < p
    result = torch.zeros_like(probabilities)
    result[tokens[kept]] = ordered[kept]
    return result / result.sum()
