# misconception: a generator of its own makes the function reproducible
# message: every draw gave token \d: .* or begin the random numbers again in each call
import torch


def sample_token(probabilities, generator):
    own = torch.Generator().manual_seed(42)
    return torch.multinomial(probabilities, 1, generator=own).item()
