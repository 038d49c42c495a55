# misconception: the values are the tokens themselves
# message: give the shape \(2, 3, 5\) instead of \(2, 3, 4\)
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ x
