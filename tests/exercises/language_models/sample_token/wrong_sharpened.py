# misconception: squaring the probabilities leaves their order, so the samples too
# message: this is too far off to be chance
import torch


def sample_token(probabilities, generator):
    return torch.multinomial(probabilities**2, 1, generator=generator).item()
