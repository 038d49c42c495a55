# approach: walk through the tokens until the uniform number is used up
import torch


def sample_token(probabilities, generator):
    rest = torch.rand((), generator=generator).item()
    for token, probability in enumerate(probabilities.tolist()):
        rest -= probability
        if rest < 0:
            return token
    return token
