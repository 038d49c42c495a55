# approach: torch's fused operations
import torch


def l2_step(w, g, lr, weight_decay, direction):
    return torch.sub(w, direction(torch.add(g, w, alpha=weight_decay)), alpha=lr)


def decoupled_step(w, g, lr, weight_decay, direction):
    return w.mul(1 - lr * weight_decay).sub(direction(g), alpha=lr)
