# misconception: log-probabilities with their sign turned are weights
# message: token 1 has the probability 0 and was drawn
import torch


def sample_token(probabilities, generator):
    weights = -probabilities.clamp(min=1e-6).log()
    return torch.multinomial(weights, 1, generator=generator).item()
