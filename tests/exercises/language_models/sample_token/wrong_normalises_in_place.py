# misconception: the probabilities may be divided by their sum where they are
# message: changed the probabilities
import torch


def sample_token(probabilities, generator):
    probabilities /= probabilities.sum() * 2
    return torch.multinomial(probabilities, 1, generator=generator).item()
