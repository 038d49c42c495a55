# misconception: momentum looks ahead
# message: which is another method
def momentum_step(w, v, g, lr, mu):
    v = mu * v + g
    return w - lr * (g + mu * v), v
