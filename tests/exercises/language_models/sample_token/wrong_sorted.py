# misconception: the position in the sorted probabilities is the token
# message: token 1 has the probability 0 and was drawn
import torch


def sample_token(probabilities, generator):
    ordered = probabilities.sort(descending=True).values
    return torch.multinomial(ordered, 1, generator=generator).item()
