# approach: propose any token, accept it as often as its probability says
import torch


def sample_token(probabilities, generator):
    while True:
        token = torch.randint(len(probabilities), (1,), generator=generator).item()
        if torch.rand(1, generator=generator) < probabilities[token]:
            return token
