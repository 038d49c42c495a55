# misconception: the values pass through silu
# message: which of the two passes through silu
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (torch.nn.functional.silu(up) * (x @ w_gate)) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
