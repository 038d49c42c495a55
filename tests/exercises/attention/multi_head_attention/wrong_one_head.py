# misconception: the heads make no difference, since they are put together again
# message: attends to itself by 0.8044|changing them changed the result of head 0
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = x @ w_query, x @ w_key, x @ w_value
    return torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask) @ w_output
