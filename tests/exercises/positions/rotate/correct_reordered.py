# approach: halves are reordered to neighbours, and back
import torch


def rotate(x, positions, omega, layout):
    half = x.shape[-1] // 2
    order = torch.arange(x.shape[-1])
    if layout == "halves":
        order = torch.stack([order[:half], order[half:]], dim=1).flatten()
    pairs = x[..., order].reshape(*x.shape[:-1], half, 2)
    angles = positions.view(-1, 1) * omega
    matrix = torch.stack([angles.cos(), angles.sin(), -angles.sin(), angles.cos()], dim=-1).unflatten(-1, (2, 2))
    turned = torch.einsum("...tja,tjab->...tjb", pairs, matrix).flatten(-2)
    return turned[..., order.argsort()]
