# misconception: a buffer of 16 positions is large enough for a test
# message: causal_mask\(1, 2000\) has the shape
import torch

buffer = torch.ones(16, 16, dtype=torch.bool).tril()


def causal_mask(num_queries, num_keys):
    return buffer[num_keys - num_queries : num_keys, :num_keys]
