# misconception: the exponentials can be typed as they stand
# message: not finite numbers|does the masked token stay out of it
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    weights = (q @ k.mT / q.shape[-1] ** 0.5).exp() * mask[:, None]
    return (weights / weights.sum(-1, keepdim=True) @ v).transpose(1, 2).flatten(2) @ w_output
