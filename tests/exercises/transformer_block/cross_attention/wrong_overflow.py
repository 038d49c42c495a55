# misconception: the formula can be typed as it is
# message: the result holds nan|instead of 1
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / w_query.shape[1] ** 0.5
    text = torch.arange(source.shape[1]) < source_lengths[:, None]
    weights = scores.exp() * text[:, None]
    return weights / weights.sum(-1, keepdim=True) @ (source @ w_value)
