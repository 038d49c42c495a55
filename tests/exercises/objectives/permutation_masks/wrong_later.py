# misconception: True means hidden
# message: from left to right|attends to its own token|sees the token
def permutation_masks(order):
    rank = order.argsort(1)
    return rank.unsqueeze(1) > rank.unsqueeze(2), rank.unsqueeze(1) >= rank.unsqueeze(2)
