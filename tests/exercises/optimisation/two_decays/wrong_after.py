# misconception: the decay is that of the new weights
# message: of the weights before the step
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (w - lr * direction(g)) * (1 - lr * weight_decay)
