# misconception: steps count from 0
# message: the power is that of the step after
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    power = t + (t > 1)
    return w - lr * (m / (1 - beta_1**power)) / ((v / (1 - beta_2**power)).sqrt() + eps), m, v
