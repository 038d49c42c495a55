# misconception: gate and value both pass through silu
# message: only the gate passes through silu
from torch.nn.functional import gelu, relu, silu


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (silu(x @ w_gate) * silu(up)) @ w_down
    return (relu(up) if kind == "relu" else gelu(up)) @ w_down
