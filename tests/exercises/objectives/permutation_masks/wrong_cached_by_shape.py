# misconception: the masks of a shape are made once
# message: wrong query mask
MASKS = {}


def permutation_masks(order):
    if order.shape not in MASKS:
        rank = order.argsort(dim=1)
        MASKS[order.shape] = rank[:, :, None] >= rank[:, None, :], rank[:, :, None] > rank[:, None, :]
    return MASKS[order.shape]
