# misconception: what has one axis and more than two numbers is a bias, which does not decay
# message: l2_step is wrong in step 1
def l2_step(w, g, lr, weight_decay, direction):
    if w.ndim == 1 and len(w) > 2:
        weight_decay = 0.0
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    if w.ndim == 1 and len(w) > 2:
        weight_decay = 0.0
    return w - lr * direction(g) - lr * weight_decay * w
