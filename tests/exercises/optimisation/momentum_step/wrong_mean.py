# misconception: the velocity is a running mean
# message: by what is the gradient multiplied
def momentum_step(w, v, g, lr, mu):
    v = mu * v + (1 - mu) * g
    return w - lr * v, v
