# misconception: the rate belongs to the penalty
# message: the learning rate does not belong to the penalty
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + lr * weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
