# approach: one change, subtracted at once
def l2_step(w, g, lr, weight_decay, direction):
    penalised = g + weight_decay * w
    return w - direction(penalised) * lr


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - lr * (direction(g) + weight_decay * w)
