# misconception: rows are keys and columns are queries
# message: and which index is the query's
import torch


def causal_mask(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).triu(num_keys - num_queries)
