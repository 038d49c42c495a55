# misconception: the velocity is the gradient
# message: where is the old velocity
def momentum_step(w, v, g, lr, mu):
    return w - lr * g, g.clone()
