# misconception: returns a one-hot vector, not the index
# message: returned 5 numbers: return the index of one token
import torch


def sample_token(probabilities, generator):
    token = torch.multinomial(probabilities, 1, generator=generator)
    return torch.nn.functional.one_hot(token, len(probabilities))
