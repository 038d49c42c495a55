# misconception: the dot products are the scores
# message: attends to itself by 0.9820: the scores are not divided
def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT).masked_fill(~mask[:, None], float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
