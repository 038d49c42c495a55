# misconception: the step is along the velocity before
# message: the old or the new
def momentum_step(w, v, g, lr, mu):
    return w - lr * v, mu * v + g
