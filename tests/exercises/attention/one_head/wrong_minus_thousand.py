# misconception: the smallest score is low enough for a masked token
# message: does the masked token stay out of it
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(~mask, -1000.0).softmax(-1) @ (x @ w_value)
