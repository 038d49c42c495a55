# approach: a token falls out if those before it have p already; scattered back
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True, stable=True)
    before = ordered.cumsum(0) - ordered
    kept = torch.where(before < p, ordered, 0.0)
    return torch.zeros_like(probabilities).scatter(0, tokens, kept / kept.sum())
