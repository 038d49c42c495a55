# misconception: random means equally often
# message: token 1 has the probability 0 and was drawn
import torch


def sample_token(probabilities, generator):
    return torch.randint(len(probabilities), (1,), generator=generator).item()
