# misconception: keys come from the text itself
# message: mat1|shape|size
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (x @ w_key).mT / w_query.shape[1] ** 0.5
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    return scores.masked_fill(padding[:, None], -torch.inf).softmax(-1) @ (source @ w_value)
