# misconception: sums rounded to three digits are safer
# message: have only 0.75 together|stay instead of
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = (ordered.cumsum(dim=0).round(decimals=3) < round(p, 3)).sum() + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
