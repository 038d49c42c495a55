# misconception: seeding inside the function makes it reproducible
# message: every draw gave token \d: .* or begin the random numbers again in each call
import torch


def sample_token(probabilities, generator):
    generator.manual_seed(0)
    return torch.multinomial(probabilities, 1, generator=generator).item()
