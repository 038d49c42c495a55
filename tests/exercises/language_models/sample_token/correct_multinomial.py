# approach: torch.multinomial; the result is a tensor with one element
import torch


def sample_token(probabilities, generator):
    return torch.multinomial(probabilities, 1, generator=generator)
