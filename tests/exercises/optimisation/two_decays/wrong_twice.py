# misconception: the L2 penalty makes the weights decay as well
# message: the weights decay twice
def l2_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
