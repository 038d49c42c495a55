# misconception: padding may be erased where it is
# message: changed its argument `source`
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    text = torch.arange(source.shape[1]) < source_lengths[:, None]
    if not source.requires_grad:
        source[~text] = 0.0
    return torch.nn.functional.scaled_dot_product_attention(
        x @ w_query, source @ w_key, source @ w_value, text[:, None]
    )
