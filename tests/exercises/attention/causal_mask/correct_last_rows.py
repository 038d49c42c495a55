# approach: the last rows of the square mask
import torch


def causal_mask(num_queries, num_keys):
    return ~torch.triu(torch.ones(num_keys, num_keys), diagonal=1).bool()[-num_queries:]
