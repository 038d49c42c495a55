# approach: one 2 by 2 matrix per token and pair
import torch


def rotate(x, positions, base):
    width = x.shape[1]
    angles = torch.outer(positions.float(), float(base) ** -(torch.arange(0, width, 2) / width))
    rows = [torch.stack([angles.cos(), -angles.sin()], -1), torch.stack([angles.sin(), angles.cos()], -1)]
    return torch.einsum("tirc,tic->tir", torch.stack(rows, -2), x.unflatten(1, (-1, 2))).flatten(1)
