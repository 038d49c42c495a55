# misconception: the gate is a sigmoid
# message: silu\(z\) is z times it|compare with the table|only the gate
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (torch.sigmoid(x @ w_gate) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
