# misconception: the rate belongs to both lines
# message: and how often
def momentum_step(w, v, g, lr, mu):
    v = mu * v + lr * g
    return w - lr * v, v
