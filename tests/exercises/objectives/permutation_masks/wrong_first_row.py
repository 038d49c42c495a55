# misconception: the batch has one order
# message: positions 0 to 3
def permutation_masks(order):
    rank = order[:1].argsort(1).expand_as(order)
    return rank.unsqueeze(1) <= rank.unsqueeze(2), rank.unsqueeze(1) < rank.unsqueeze(2)
