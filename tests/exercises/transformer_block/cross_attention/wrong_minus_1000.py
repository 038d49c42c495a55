# misconception: a score of -1000 is as good as minus infinity
# message: and padding with the score
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / w_query.shape[1] ** 0.5
    padding = torch.arange(source.shape[1]) >= source_lengths[:, None]
    return scores.masked_fill(padding[:, None], -1000.0).softmax(-1) @ (source @ w_value)
