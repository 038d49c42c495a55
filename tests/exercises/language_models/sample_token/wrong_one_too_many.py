# misconception: positions in the running sum count from 1
# message: returned 5: with 5 probabilities an index lies between 0 and 4
import torch


def sample_token(probabilities, generator):
    uniform = torch.rand(1, generator=generator)
    return int((probabilities.cumsum(0) <= uniform).sum()) + 1
