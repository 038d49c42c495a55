# misconception: order[t] says when position t is predicted
# message: order\[i\] is a position, not the rank
def permutation_masks(order):
    asking, asked = order.unsqueeze(2), order.unsqueeze(1)
    return asked <= asking, asked < asking
