# misconception: the velocity is remembered by itself
# message: returned 1 results instead of 2
def momentum_step(w, v, g, lr, mu):
    return w - lr * (mu * v + g)
