# misconception: the global random state is good enough
# message: two generators with the same seed gave different tokens
import torch


def sample_token(probabilities, generator):
    return torch.multinomial(probabilities, 1).item()
