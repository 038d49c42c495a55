# approach: one uniform number, looked up in the running sum
import torch


def sample_token(probabilities, generator):
    uniform = torch.rand(1, generator=generator)
    return min(torch.searchsorted(probabilities.cumsum(0), uniform, right=True).item(), len(probabilities) - 1)
