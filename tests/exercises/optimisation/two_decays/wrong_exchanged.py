# misconception: the names change places
# message: an L2 penalty changes the gradient
def l2_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)
