# misconception: returns the probability of the drawn token instead of its index
# message: an index is an integer
import torch


def sample_token(probabilities, generator):
    return probabilities[torch.multinomial(probabilities, 1, generator=generator)].item()
