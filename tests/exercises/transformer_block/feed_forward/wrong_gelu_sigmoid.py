# misconception: GELU is z times a sigmoid of 1.702 z
# message: this is the approximation by a sigmoid
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (torch.nn.functional.silu(x @ w_gate) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else up * torch.sigmoid(1.702 * up)) @ w_down
