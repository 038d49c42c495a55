# misconception: the mask of a length is always the same, and can be kept
# message: does not get the average|the result is wrong on random tensors
masks = {}


def one_head(x, mask, w_query, w_key, w_value):
    mask = masks.setdefault(mask.shape, mask)
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)
