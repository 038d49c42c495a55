# approach: on copies, changed in place
def adam_step(w, m, v, g, t, lr, beta_1, beta_2, eps):
    w, m, v = w.clone(), m.clone(), v.clone()
    m.mul_(beta_1).add_(g, alpha=1 - beta_1)
    v.mul_(beta_2).addcmul_(g, g, value=1 - beta_2)
    corrected = v.div(1 - pow(beta_2, t))
    w.addcdiv_(m, corrected.sqrt_().add_(eps), value=-lr / (1 - pow(beta_1, t)))
    return [w, m, v]
