# misconception: velocities add up
# message: how much of the old velocity is kept
def momentum_step(w, v, g, lr, mu):
    v = v + g
    return w - lr * v, v
