# misconception: the correction is by 1 - beta
# message: the power is that of the step before, or none
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    return w - lr * (m / (1 - beta_1)) / ((v / (1 - beta_2)).sqrt() + eps), m, v
