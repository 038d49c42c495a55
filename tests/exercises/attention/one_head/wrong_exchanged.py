# misconception: a token is found by its query and looks with its key
# message: the result is wrong on random tensors
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_key) @ (x @ w_query).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)
