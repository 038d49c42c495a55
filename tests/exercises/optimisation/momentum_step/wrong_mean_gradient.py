# misconception: one velocity for all weights
# message: does not end at 0|is not the gradient
def momentum_step(w, v, g, lr, mu):
    v = mu * v + g.mean()
    return w - lr * v, v
