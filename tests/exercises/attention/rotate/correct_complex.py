# approach: complex numbers
import torch


def rotate(x, positions, base):
    pairs = torch.view_as_complex(x.reshape(len(x), -1, 2))
    speeds = base ** (-2 * torch.arange(pairs.shape[1]) / x.shape[1])
    angles = positions[:, None] * speeds
    return torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).reshape(x.shape)
