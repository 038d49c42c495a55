# misconception: the correction is one factor in front
# message: before the correction instead of after
import math


def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m = beta_1 * m + (1 - beta_1) * g
    v = beta_2 * v + (1 - beta_2) * g**2
    factor = math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
    return w - lr * factor * m / (v.sqrt() + eps), m, v
