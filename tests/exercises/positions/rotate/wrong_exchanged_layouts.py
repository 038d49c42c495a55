# misconception: interleaved means that halves are mixed
# message: fills the columns
import torch


def rotate(x, positions, omega, layout):
    angles = positions.unsqueeze(1) * omega
    if layout == "halves":
        a, b = x[..., 0::2], x[..., 1::2]
    else:
        a, b = x.chunk(2, dim=-1)
    turned = [a * angles.cos() - b * angles.sin(), a * angles.sin() + b * angles.cos()]
    return torch.stack(turned, dim=-1).flatten(-2) if layout == "halves" else torch.cat(turned, dim=-1)
