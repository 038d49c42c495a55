# misconception: a head looks at everything
# message: does your code use the mask
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.softmax(-1) @ (x @ w_value)
