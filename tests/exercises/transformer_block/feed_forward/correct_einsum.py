# approach: einsum, and the normal distribution from torch.special
import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = torch.einsum("btd,df->btf", x, w_up)
    if kind == "swiglu":
        gate = torch.einsum("btd,df->btf", x, w_gate)
        hidden = up * gate * torch.special.expit(gate)
    elif kind == "relu":
        hidden = up.clamp(min=0)
    else:
        hidden = up * torch.special.ndtr(up)
    return torch.einsum("btf,fd->btd", hidden, w_down)
