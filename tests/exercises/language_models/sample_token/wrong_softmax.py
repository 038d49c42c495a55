# misconception: probabilities are logits, and need a softmax
# message: token 1 has the probability 0 and was drawn
import torch


def sample_token(probabilities, generator):
    return torch.multinomial(probabilities.softmax(0), 1, generator=generator).item()
