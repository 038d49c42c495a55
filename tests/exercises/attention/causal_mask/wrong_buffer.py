# misconception: a buffer of 1024 positions is large enough, as in GPT-2
# message: has the shape|hides an earlier key
import torch

buffer = torch.ones(1024, 1024, dtype=torch.bool).tril()


def causal_mask(num_queries, num_keys):
    return buffer[num_keys - num_queries : num_keys, :num_keys]
