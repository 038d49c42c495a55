# misconception: a score of -100 is low enough for a masked token
# message: does the masked token stay out of it
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~mask[:, None], -100.0)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
