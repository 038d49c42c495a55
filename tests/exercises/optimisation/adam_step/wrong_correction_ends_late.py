# misconception: after 10,000 steps the correction is 1
# message: is v still corrected
import math


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    t = min(t, 10000) if t <= 10000 else math.inf
    return w - lr * (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)).sqrt() + eps), m, v
