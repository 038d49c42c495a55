# misconception: a gate is a switch and is not trained
# message: no gradient reaches w_gate|gradient of
from torch.nn.functional import gelu, relu, silu


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    if kind == "swiglu":
        return (silu(x @ w_gate).detach() * (x @ w_up)) @ w_down
    return (relu(x @ w_up) if kind == "relu" else gelu(x @ w_up)) @ w_down
