# misconception: the result is bent as well
# message: hidden number|wrong for|compare
from torch.nn.functional import gelu, relu, silu


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    if kind == "swiglu":
        return (silu(x @ w_gate) * (x @ w_up)) @ w_down
    bend = relu if kind == "relu" else gelu
    return bend(bend(x @ w_up) @ w_down)
