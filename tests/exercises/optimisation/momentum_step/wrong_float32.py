# misconception: single precision is exact enough
# message: is wrong after|are wrong after|w becomes|v becomes
def momentum_step(w, v, g, lr, mu):
    v = mu * v.float() + g.float()
    return (w.float() - lr * v).double(), v.double()
