# misconception: the weights of each source position sum to 1
# message: all scores are equal
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / w_query.shape[1] ** 0.5
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    return (scores.softmax(1) * ~padding[:, None]) @ (source @ w_value)
