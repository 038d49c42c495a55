# misconception: numbers may go through Python lists
# message: no gradient reaches x
import torch


def layer_norm(x, weight, bias, eps):
    rows = []
    for row in x.reshape(-1, x.shape[-1]).tolist():
        mean = sum(row) / len(row)
        size = (sum((number - mean) ** 2 for number in row) / len(row) + eps) ** 0.5
        rows.append([(number - mean) / size for number in row])
    return torch.tensor(rows).reshape(x.shape) * weight + bias
