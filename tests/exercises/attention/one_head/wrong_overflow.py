# misconception: the exponentials can be typed as they stand
# message: not finite numbers|does the masked token stay out of it
def one_head(x, mask, w_query, w_key, w_value):
    weights = ((x @ w_query) @ (x @ w_key).mT / w_key.shape[1] ** 0.5).exp() * mask
    return weights / weights.sum(-1, keepdim=True) @ (x @ w_value)
