# misconception: no source is longer than 128
# message: size|wrong for|must match
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    text = torch.ones(129, 128).tril(-1).bool()[source_lengths.clamp(max=128)][:, : source.shape[1]]
    return torch.nn.functional.scaled_dot_product_attention(
        x @ w_query, source @ w_key, source @ w_value, text[:, None]
    )
