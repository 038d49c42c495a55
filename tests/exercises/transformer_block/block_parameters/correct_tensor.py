# approach: a tensor of integers
import torch


def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    widths = torch.tensor([2 * num_heads * d_head, 2 * num_kv_heads * d_head, 1])
    attention = (widths * d_model).sum()
    return attention * (1 + cross_attention) + d_model * (d_ff * (2 + gated) + 1)
