# approach: einsum, exponentials less the largest score, padding multiplied by zero
import torch


def cross_attention(x, source, source_lengths, w_query, w_key, w_value):
    query = torch.einsum("btd,dk->btk", x, w_query)
    key = torch.einsum("bse,ek->bsk", source, w_key)
    scores = torch.einsum("btk,bsk->bts", query, key) / w_query.shape[1] ** 0.5
    text = (torch.arange(source.shape[1]) < source_lengths[:, None])[:, None]
    scores = torch.where(text, scores, -1e9)
    weights = (scores - scores.amax(-1, keepdim=True)).exp() * text
    weights = weights / weights.sum(-1, keepdim=True)
    return torch.einsum("bts,bse,ev->btv", weights, source, w_value)
