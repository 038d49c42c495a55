# misconception: it is enough that padding has no value
# message: does the softmax know of the padding
import math

import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / math.sqrt(w_query.shape[1])
    text = torch.arange(source.shape[1]) < source_lengths[:, None]
    return (scores.softmax(-1) * text[:, None]) @ (source @ w_value)
