# misconception: single precision is exact enough
# message: is wrong after|are wrong after|becomes
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    w, m, v, g = (tensor.float() for tensor in (w, m, v, g))
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    w = w - lr * (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)).sqrt() + eps)
    return w.double(), m.double(), v.double()
