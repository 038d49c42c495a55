# misconception: a token sees the one that was predicted before it
# message: what comes before it
def permutation_masks(order):
    rank = order.argsort(1)
    step = rank.unsqueeze(2) - rank.unsqueeze(1)
    return (step == 0) | (step == 1), step == 1
