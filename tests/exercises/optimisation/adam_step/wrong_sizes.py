# misconception: v is a mean of absolute values
# message: v is a mean of squares
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g.abs()
    return w - lr * (m / (1 - beta_1**t)) / (v / (1 - beta_2**t) + eps), m, v
