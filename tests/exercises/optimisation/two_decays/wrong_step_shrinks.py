# misconception: the factor multiplies the step
# message: decoupled_step gives
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - (1 - lr * weight_decay) * lr * direction(g)
