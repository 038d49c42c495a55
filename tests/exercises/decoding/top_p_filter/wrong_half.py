# misconception: half precision is accurate enough
# message: are enough|stay instead of|have only|is every probability|are wrong
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = (ordered.bfloat16().cumsum(dim=0) < p).sum() + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
