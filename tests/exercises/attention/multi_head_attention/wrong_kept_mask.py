# misconception: the mask of a length is always the same, and can be kept
# message: depend on the mask|get something else|the result is wrong
masks = {}


def multi_head_attention(x, mask, w_query, w_key, w_value, w_output, num_heads):
    mask = masks.setdefault(mask.shape, mask)
    q, k, v = ((x @ w).unflatten(-1, (num_heads, -1)).transpose(1, 2) for w in (w_query, w_key, w_value))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(~mask[:, None], float("-inf"))
    return (scores.softmax(-1) @ v).transpose(1, 2).flatten(2) @ w_output
