# misconception: the scale is the width of the token's vector
# message: by the root of D
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / x.shape[2] ** 0.5
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    return scores.masked_fill(padding[:, None], -torch.inf).softmax(-1) @ (source @ w_value)
