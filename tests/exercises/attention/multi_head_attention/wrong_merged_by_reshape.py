# misconception: a reshape puts the heads side by side
# message: may attend only to themselves, and get something else
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None])
    return mixed.reshape(x.shape) @ w_output
