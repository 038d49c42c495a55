# approach: the optimiser's step comes first, the decay is that of the old weights
def l2_step(w, g, lr, weight_decay, direction):
    new = w.clone()
    new -= lr * direction(w * weight_decay + g)
    return new


def decoupled_step(w, g, lr, weight_decay, direction):
    new = w.clone()
    new -= lr * direction(g)
    new -= lr * weight_decay * w
    return new
