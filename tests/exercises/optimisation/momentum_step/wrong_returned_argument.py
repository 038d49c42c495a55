# misconception: without momentum, the gradient can be handed back
# message: returned its argument
def momentum_step(w, v, g, lr, mu):
    velocity = g if not v.any() else mu * v + g
    return w - lr * velocity, velocity
