# misconception: GELU is its approximation by tanh
# message: this is the approximation by tanh
from torch.nn import functional


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x @ w_up
    if kind == "swiglu":
        return (functional.silu(x @ w_gate) * up) @ w_down
    return (functional.relu(up) if kind == "relu" else functional.gelu(up, approximate="tanh")) @ w_down
