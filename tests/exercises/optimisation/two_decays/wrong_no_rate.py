# misconception: the decay has no learning rate
# message: is the decay multiplied by the learning rate
def l2_step(w, g, lr, weight_decay, direction):
    return w - lr * direction(g + weight_decay * w)


def decoupled_step(w, g, lr, weight_decay, direction):
    return (1 - weight_decay) * w - lr * direction(g)
