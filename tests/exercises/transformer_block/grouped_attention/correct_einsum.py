# approach: the query heads split by group, nothing repeated
import torch


def grouped_attention(query, key, value):
    B, H, T, K = query.shape
    grouped = query.reshape(B, key.shape[1], -1, T, K)
    weights = torch.einsum("bgntk,bgsk->bgnts", grouped, key).div(K**0.5).softmax(-1)
    return torch.einsum("bgnts,bgsk->bgntk", weights, value).reshape(B, H, T, K)
