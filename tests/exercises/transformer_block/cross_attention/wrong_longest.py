# misconception: the batch has one length
# message: each row has a length of its own|padding is read
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    text = source[:, : int(source_lengths.max())]
    return torch.nn.functional.scaled_dot_product_attention(x @ w_query, text @ w_key, text @ w_value)
