# approach: the standard library, seeded by a number that the generator gives
import random

import torch


def sample_token(probabilities, generator):
    seed = torch.randint(2**62, (1,), generator=generator).item()
    return random.Random(seed).choices(range(len(probabilities)), weights=probabilities.tolist())[0]
