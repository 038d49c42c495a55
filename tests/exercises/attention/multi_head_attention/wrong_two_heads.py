# misconception: there are two heads, as in the example
# message: the result is wrong on random tensors|must be divisible|is not divisible|don't multiply up
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (2, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~mask[:, None], float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
