# approach: torch's fused operations
import torch


def momentum_step(w, v, g, lr, mu):
    velocity = torch.add(g, v, alpha=mu)
    return w.sub(velocity, alpha=lr), velocity
