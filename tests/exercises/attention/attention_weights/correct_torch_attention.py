# approach: torch's own attention, with an identity matrix as values
import torch


def attention_weights(queries, keys):
    return torch.nn.functional.scaled_dot_product_attention(queries[None], keys[None], torch.eye(len(keys))[None])[0]
