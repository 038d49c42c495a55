# misconception: the first axis is what is looked at
# message: Which axis asks|from left to right
def permutation_masks(order):
    rank = order.argsort(1)
    asking, asked = rank.unsqueeze(1), rank.unsqueeze(2)
    return asked <= asking, asked < asking
