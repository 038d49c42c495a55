# approach: modules that take no memory, and their sizes
from torch import nn


def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    attention = [(d_model, num_heads * d_head), (d_model, num_kv_heads * d_head)] * 2
    maps = attention * (2 if cross_attention else 1) + [(d_model, d_ff)] * (3 if gated else 2)
    modules = [nn.Linear(*size, bias=False, device="meta") for size in maps]
    modules += [nn.RMSNorm(d_model, device="meta") for _ in range(3 if cross_attention else 2)]
    return sum(p.numel() for p in nn.ModuleList(modules).parameters())
