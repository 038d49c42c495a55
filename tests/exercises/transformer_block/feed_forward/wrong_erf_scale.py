# misconception: erf is the normal distribution's
# message: divided by the root of 2
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (torch.nn.functional.silu(x @ w_gate) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else up * (1 + torch.erf(up)) / 2) @ w_down
