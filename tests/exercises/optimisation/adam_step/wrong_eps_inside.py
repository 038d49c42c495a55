# misconception: eps protects the root
# message: where does eps belong
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    return w - lr * (m / (1 - beta_1**t)) / (v / (1 - beta_2**t) + eps).sqrt(), m, v
