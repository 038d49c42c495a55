# misconception: half precision is accurate enough
# message: the result is wrong on random tensors|attends to itself by|does not get its own value
def one_head(x, mask, w_query, w_key, w_value):
    x, w_query, w_key, w_value = (tensor.bfloat16() for tensor in (x, w_query, w_key, w_value))
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return (scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)).float()
