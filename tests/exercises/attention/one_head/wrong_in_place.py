# misconception: the mask is not needed any more, so it can be turned round
# message: your function changed the tensor `mask` that it was given
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(mask.logical_not_(), float("-inf")).softmax(-1) @ (x @ w_value)
