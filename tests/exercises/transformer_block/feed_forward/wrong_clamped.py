# misconception: beyond 20 nothing changes
# message: wrong|compare|gradient
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        gate = (x @ w_gate).clamp(-80, 80)
        return (gate / (1 + torch.exp(-gate)) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
