# misconception: the scores are divided by the root of the model's width
# message: attends to itself by 0.8044: the scores are divided by the root of a width
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / x.shape[-1] ** 0.5).masked_fill(~mask[:, None], float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
