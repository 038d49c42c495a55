# misconception: a step follows the gradient
# message: goes against the gradient
def momentum_step(w, v, g, lr, mu):
    v = mu * v + g
    return w + lr * v, v
