# misconception: the next token is visible, since it is the one to predict
# message: lets a token attend to a later one
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril(num_keys - num_queries + 1)
