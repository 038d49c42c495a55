# misconception: no stream sees its own token
# message: the content stream attends to its own token as well
def permutation_masks(order):
    rank = order.argsort(1)
    query = rank.unsqueeze(1) < rank.unsqueeze(2)
    return query, query.clone()
