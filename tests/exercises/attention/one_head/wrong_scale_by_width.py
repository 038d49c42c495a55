# misconception: the scores are divided by the width, not by its root
# message: the scores are divided by too much
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1]
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)
