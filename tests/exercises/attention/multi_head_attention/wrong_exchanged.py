# misconception: a token is found by its query and looks with its key
# message: on random tensors, queries and keys are exchanged
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    mixed = torch.nn.functional.scaled_dot_product_attention(k, q, v, attn_mask=mask[:, None])
    return mixed.transpose(1, 2).flatten(2) @ w_output
