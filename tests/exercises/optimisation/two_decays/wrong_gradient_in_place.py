# misconception: the penalty is added to the gradient where it is
# message: changed its argument
def l2_step(w, g, lr, weight_decay, direction):
    g += weight_decay * w
    return w - lr * direction(g)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
