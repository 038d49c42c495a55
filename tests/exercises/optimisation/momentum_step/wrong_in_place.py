# misconception: the velocity is updated where it is
# message: changed its argument
def momentum_step(w, v, g, lr, mu):
    v.mul_(mu).add_(g)
    return w - lr * v, v.clone()
