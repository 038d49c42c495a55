# misconception: the means are updated where they are
# message: changed its argument
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    m.mul_(beta_1).add_((1 - beta_1) * g)
    v.mul_(beta_2).add_((1 - beta_2) * g**2)
    return w - lr * (m / (1 - beta_1**t)) / ((v / (1 - beta_2**t)).sqrt() + eps), m.clone(), v.clone()
