# approach: x cos + partner sin, as in transformers
import torch


def rotate(x, positions, omega, layout):
    angles = torch.outer(positions.to(omega.dtype), omega)
    if layout == "interleaved":
        partner = torch.stack([-x[..., 1::2], x[..., ::2]], dim=-1).reshape(x.shape)
        angles = angles.repeat_interleave(2, dim=-1)
    else:
        a, b = x.chunk(2, dim=-1)
        partner = torch.cat((-b, a), dim=-1)
        angles = torch.cat((angles, angles), dim=-1)
    return x * angles.cos() + partner * angles.sin()
