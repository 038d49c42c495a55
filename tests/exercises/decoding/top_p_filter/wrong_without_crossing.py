# misconception: the sum must not exceed p, so the token that reaches it falls out
# message: What of the token with which the sum reaches p
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    kept = ordered.cumsum(0) <= p
    result = torch.zeros_like(probabilities)
    result[tokens[kept]] = ordered[kept]
    return result / result.sum().clamp(min=1e-9)
