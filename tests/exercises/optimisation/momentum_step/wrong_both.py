# misconception: mu multiplies the sum
# message: by what is the gradient multiplied
def momentum_step(w, v, g, lr, mu):
    v = mu * (v + g)
    return w - lr * v, v
