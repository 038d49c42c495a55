# misconception: attention in a decoder is causal
# message: No causal mask is needed
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    scores = x @ w_query @ (source @ w_key).mT / w_query.shape[1] ** 0.5
    blocked = torch.arange(source.shape[1]) >= source_lengths[:, None, None]
    later = torch.arange(source.shape[1]) > torch.arange(x.shape[1])[:, None]
    return scores.masked_fill(blocked | later, -torch.inf).softmax(-1) @ (source @ w_value)
