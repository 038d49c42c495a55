# misconception: attention is always causal
# message: weight|wrong for random heads|belong
import torch


def grouped_attention(query, key, value):
    return torch.nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True, enable_gqa=True)
