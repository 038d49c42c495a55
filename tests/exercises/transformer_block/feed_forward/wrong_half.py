# misconception: half precision is accurate enough
# message: wrong for random|gives
from torch.nn.functional import gelu, relu, silu


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = (x @ w_up).bfloat16().float()
    if kind == "swiglu":
        return (silu(x @ w_gate) * up) @ w_down
    return (relu(up) if kind == "relu" else gelu(up)) @ w_down
