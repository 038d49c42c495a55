# misconception: the velocity remembers steps
# message: where does the learning rate belong
def momentum_step(w, v, g, lr, mu):
    v = mu * v + lr * g
    return w - v, v
