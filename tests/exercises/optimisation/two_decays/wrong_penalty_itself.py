# misconception: the penalty is added to the gradient
# message: add its derivative
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay / 2 * w.square())


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
