# misconception: the sigmoid is exp(z) / (1 + exp(z))
# message: the gradient|result|random x
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        gate = x @ w_gate
        return (gate * gate.exp() / (1 + gate.exp()) * up) @ w_down
    return (torch.relu(up) if kind == "relu" else torch.nn.functional.gelu(up)) @ w_down
