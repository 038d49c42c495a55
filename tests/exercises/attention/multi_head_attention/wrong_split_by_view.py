# misconception: a view to the heads' shape needs no transpose
# message: may attend only to themselves, and get something else|does not get the average
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    batch_size, num_tokens, d_model = x.shape
    q, k, v = ((x @ w).view(batch_size, num_heads, num_tokens, -1) for w in (w_query, w_key, w_value))
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None])
    return mixed.reshape(batch_size, num_tokens, d_model) @ w_output
