# misconception: a weight whose gradient is 0 rests, and loses its velocity
# message: half of the velocity is left|no case is special
import torch


def momentum_step(w, v, g, lr, mu):
    v = torch.where(g == 0, 0.0, mu * v + g)
    return w - lr * v, v
