# misconception: the penalty is subtracted
# message: the penalty is added to the loss
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g - weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
