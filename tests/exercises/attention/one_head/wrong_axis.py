# misconception: the softmax is over the queries
# message: over which axis do the weights sum to 1
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5
    return scores.masked_fill(~mask, -1e9).softmax(1) @ (x @ w_value)
