# misconception: the position of the length belongs to the text
# message: one position of the padding is read
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    text = torch.arange(source.shape[1]) <= source_lengths[:, None]
    return torch.nn.functional.scaled_dot_product_attention(
        x @ w_query, source @ w_key, source @ w_value, text[:, None]
    )
