# misconception: a matrix multiplies as in torch.nn.Linear, transposed
# message: your weights are transposed
import torch
from torch.nn.functional import linear


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = (linear(x, w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None])
    return linear(mixed.transpose(1, 2).flatten(2), w_output)
