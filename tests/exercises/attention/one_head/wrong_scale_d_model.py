# misconception: the width in the root is that of a token's vector
# message: the root of which width do you divide by
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT / x.shape[2] ** 0.5
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)
