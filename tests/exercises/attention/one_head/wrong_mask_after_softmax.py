# misconception: the mask can come after the softmax
# message: does not get its own value|when does the mask come in
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return (scores.softmax(-1) * mask) @ (x @ w_value)
