# misconception: the dot products are the scores
# message: attends to itself by 0.9820; K is 4: the scores are not divided
def one_head(x, mask, w_query, w_key, w_value):
    scores = (x @ w_query) @ (x @ w_key).mT
    return scores.masked_fill(~mask, float("-inf")).softmax(-1) @ (x @ w_value)
