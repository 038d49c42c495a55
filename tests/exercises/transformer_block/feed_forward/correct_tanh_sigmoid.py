# approach: the sigmoid by tanh, which never overflows
import math

import torch


def feed_forward(x, w_up, w_down, kind, w_gate=None):
    up = x.matmul(w_up)
    if kind == "relu":
        bent = torch.maximum(up, torch.zeros_like(up))
    elif kind == "gelu":
        bent = up / 2 + up / 2 * torch.erf(up * math.sqrt(0.5))
    elif kind == "swiglu":
        gate = x.matmul(w_gate)
        bent = gate * (1 + torch.tanh(gate / 2)) / 2 * up
    return bent.matmul(w_down)
