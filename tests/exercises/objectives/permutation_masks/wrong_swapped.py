# misconception: the query stream comes first
# message: the content stream attends to its own token as well
def permutation_masks(order):
    rank = order.argsort(1)
    return rank.unsqueeze(1) < rank.unsqueeze(2), rank.unsqueeze(1) <= rank.unsqueeze(2)
