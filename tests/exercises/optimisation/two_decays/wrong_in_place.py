# misconception: the weights are changed where they are
# message: changed its argument
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    step = lr * direction(g)
    w.mul_(1 - lr * weight_decay)
    return w - step
