# misconception: the norm of all weights is the penalty
# message: l2_step calls direction with|gives
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w / w.norm().clamp(min=1e-9))


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - lr * weight_decay) * w - lr * direction(g)
