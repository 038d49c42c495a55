# misconception: mu multiplies the gradient
# message: and by what the old velocity
def momentum_step(w, v, g, lr, mu):
    v = v + mu * g
    return w - lr * v, v
