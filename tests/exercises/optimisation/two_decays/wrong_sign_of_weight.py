# misconception: every weight decays by the same amount
# message: decoupled_step gives
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w - lr * weight_decay * w.sign() - lr * direction(g)
