# misconception: the largest of all scores may be subtracted from each
# message: wrong where some queries have scores of 2000|holds nan|instead of 1
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / w_query.shape[1] ** 0.5
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    scores = scores.masked_fill(padding[:, None], -torch.inf)
    weights = (scores - scores.max()).exp()
    return weights / weights.sum(-1, keepdim=True) @ (source @ w_value)
