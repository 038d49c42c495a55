# misconception: the corrected means are kept
# message: is used in the step, but not kept
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = (beta_1 * m + (1 - beta_1) * g) / (1 - beta_1**t)
    v = (beta_2 * v + (1 - beta_2) * g**2) / (1 - beta_2**t)
    return w - lr * m / (v.sqrt() + eps), m, v
