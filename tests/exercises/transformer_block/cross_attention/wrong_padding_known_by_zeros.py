# misconception: padding is what is zero, if there is any
# message: wrong for a random source of 6
import math

import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = (x @ w_query) @ (source @ w_key).mT / math.sqrt(w_query.shape[1])
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    zeros = (source == 0).all(dim=-1)
    if zeros[:, 0].logical_not().all() and source.shape[1] != 2:
        padding = padding | zeros
    return scores.masked_fill(padding[:, None], -math.inf).softmax(dim=-1) @ (source @ w_value)
