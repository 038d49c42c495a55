# approach: keys and values looked up by the number of their head
import torch


def grouped_attention(query, key, value):
    group = torch.arange(query.shape[1]) * key.shape[1] // query.shape[1]
    scores = (query / query.shape[3] ** 0.5) @ key[:, group].transpose(-2, -1)
    return torch.matmul(torch.softmax(scores, -1), value[:, group])
