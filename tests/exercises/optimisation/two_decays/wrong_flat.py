# misconception: direction works on a flat tensor as well
# message: was called with the shape
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction((g + weight_decay * w).flatten()).reshape(w.shape)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g.flatten()).reshape(w.shape) - lr * weight_decay * w
