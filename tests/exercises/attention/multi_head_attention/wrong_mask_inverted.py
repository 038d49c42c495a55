# misconception: True marks what is masked out
# message: tokens attend to those that the mask forbids: what does True stand for
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(mask[:, None], -1e9)
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
