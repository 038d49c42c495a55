# misconception: True marks what is masked out
# message: forbids every earlier token and allows every later one: what does True stand for
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).triu(num_keys - num_queries + 1)
