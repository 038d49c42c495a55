# approach: one matrix for each position
import torch


def rotate(x, positions, omega, layout):
    d = x.shape[-1]
    if layout == "interleaved":
        first, second = torch.arange(0, d, 2), torch.arange(1, d, 2)
    else:
        first, second = torch.arange(d // 2), torch.arange(d // 2, d)
    tokens = []
    for t, token in zip(positions.tolist(), x.unbind(-2), strict=True):
        matrix = torch.zeros(d, d)
        matrix[first, first] = matrix[second, second] = (t * omega).cos()
        matrix[first, second], matrix[second, first] = (t * omega).sin(), -(t * omega).sin()
        tokens.append(token @ matrix)
    return torch.stack(tokens, dim=-2)
