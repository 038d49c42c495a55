# misconception: the weights grow
# message: weights decay towards 0
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 + lr * weight_decay) * w - lr * direction(g)
