# misconception: float32 holds every whole number
# message: wrong for|a whole number|find|instead of 348
import torch


def block_parameters(d_model, num_heads, num_kv_heads, d_head, d_ff, gated, cross_attention):
    sizes = torch.tensor([2.0 * (num_heads + num_kv_heads) * d_head + 1, (2.0 + gated) * d_ff + 1])
    sizes[0] *= 1 + cross_attention
    return int((sizes * d_model).sum())
