# misconception: the direction of the sum is the sum of directions
# message: called direction 2 times
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * (direction(g) + direction(weight_decay * w))


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
