# misconception: the velocity comes first
# message: the weights come first
def momentum_step(w, v, g, lr, mu):
    v = mu * v + g
    return v, w - lr * v
