# misconception: some sum always reaches p
# message: StopIteration|RuntimeError|all stay as they are|IndexError|index 0 is out of bounds
import torch


def top_p_filter(probabilities, p):
    ordered, tokens = probabilities.sort(descending=True)
    num_kept = int((ordered.cumsum(dim=0) >= p).nonzero()[0]) + 1
    filtered = torch.zeros_like(probabilities)
    filtered[tokens[:num_kept]] = ordered[:num_kept]
    return filtered / filtered.sum()
