# misconception: every position sees itself
# message: the query stream sees the token that it is to predict
def permutation_masks(order):
    rank = order.argsort(1)
    content = rank.unsqueeze(1) <= rank.unsqueeze(2)
    return content, content.clone()
