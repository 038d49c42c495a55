# misconception: both are the same
# message: the decay does not belong to the gradient
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)
