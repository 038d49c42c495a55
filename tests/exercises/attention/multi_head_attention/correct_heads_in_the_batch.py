# approach: the heads become rows of the batch, with the mask repeated
import torch


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = (torch.cat((x @ w).chunk(num_heads, dim=-1)) for w in (w_query, w_key, w_value))
    scores = q @ k.mT / q.shape[-1] ** 0.5
    weights = scores.masked_fill(~mask.repeat(num_heads, 1, 1), float("-inf")).softmax(-1)
    return torch.cat((weights @ v).chunk(num_heads), dim=-1) @ w_output
