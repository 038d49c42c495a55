# misconception: the constants change places
# message: which of the constants belongs to m
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_2 * m + (1 - beta_2) * g
    v = beta_1 * v + (1 - beta_1) * g**2
    return w - lr * (m / (1 - beta_2**t)) / ((v / (1 - beta_1**t)).sqrt() + eps), m, v
