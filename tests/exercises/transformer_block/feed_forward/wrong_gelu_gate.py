# misconception: SwiGLU and GEGLU are the same
# message: the gate passes through gelu
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (torch.nn.functional.gelu(x @ w_gate) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
