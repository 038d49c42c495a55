# misconception: the function counts the steps itself
# message: w becomes|the weights are wrong
steps = []


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    steps.append(1)
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    t = len(steps)
    return w - lr * (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)).sqrt() + eps), m, v
