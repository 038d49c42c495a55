# misconception: the mask can come after the softmax
# message: get something else
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    weights = (q @ k.mT / q.shape[-1] ** 0.5).softmax(-1) * mask[:, None]
    return (weights @ v).transpose(1, 2).flatten(2) @ w_output
