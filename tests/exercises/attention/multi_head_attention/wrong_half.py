# misconception: half precision is accurate enough
# message: the result is wrong on random tensors|attends to itself by|is not its projected value
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    x, w_query, w_key, w_value, w_output = (t.bfloat16() for t in (x, w_query, w_key, w_value, w_output))
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~mask[:, None], float("-inf"))
    return ((scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output).float()
