# misconception: scores are dot products
# message: the scores are not divided
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    return scores.masked_fill(padding[:, None], -torch.inf).softmax(-1) @ (source @ w_value)
