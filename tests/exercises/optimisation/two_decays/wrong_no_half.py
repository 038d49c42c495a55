# misconception: the derivative of the penalty has a two
# message: what is its derivative
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + 2 * weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
