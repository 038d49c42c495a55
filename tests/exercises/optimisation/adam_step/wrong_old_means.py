# misconception: the step uses the means before
# message: w becomes|is not finite
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    step = (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)).sqrt() + eps)
    return w - lr * step, beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
