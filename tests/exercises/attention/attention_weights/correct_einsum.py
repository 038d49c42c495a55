# approach: einsum; the keys come first and the result is a transposed view
import torch


def attention_weights(queries, keys):
    scores = torch.einsum("sk,tk->st", keys, queries) * queries.size(1) ** -0.5
    return scores.softmax(dim=0).t()
