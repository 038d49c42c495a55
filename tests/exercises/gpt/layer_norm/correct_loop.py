# approach: a loop over tokens, stacked again
import torch


def layer_norm(x, weight, bias, eps):
    rows = []
    for row in x.reshape(-1, x.shape[-1]):
        centred = row - sum(row) / len(row)
        rows.append(centred / (torch.dot(centred, centred) / len(row) + eps) ** 0.5)
    return torch.stack(rows).reshape(x.shape) * weight + bias
