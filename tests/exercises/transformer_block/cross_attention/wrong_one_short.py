# misconception: the last position of the text ends it
# message: the last position of the text is not read
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    text = torch.arange(source.shape[1]) < (source_lengths[:, None] - 1).clamp(min=1)
    return torch.nn.functional.scaled_dot_product_attention(
        x @ w_query, source @ w_key, source @ w_value, text[:, None]
    )
