# approach: the largest of log-probabilities with Gumbel noise
import torch


def sample_token(probabilities, generator):
    exponential = torch.empty_like(probabilities).exponential_(generator=generator)
    return (probabilities.log() - exponential.log()).argmax()
