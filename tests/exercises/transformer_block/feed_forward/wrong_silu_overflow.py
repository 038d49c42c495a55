# misconception: the formula of silu can be typed as it is
# message: the gradient \[nan|too large|gradient of .* is wrong|given|\[nan
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        gate = x @ w_gate
        return (gate / (1 + torch.exp(-gate)) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
