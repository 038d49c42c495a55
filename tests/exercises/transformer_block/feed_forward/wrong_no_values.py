# misconception: the gate alone is mapped back
# message: the values x W_u are not used
from torch.nn.functional import gelu, relu, silu


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    if kind == "swiglu":
        return silu(x @ w_gate) @ w_down
    return (relu(x @ w_up) if kind == "relu" else gelu(x @ w_up)) @ w_down
