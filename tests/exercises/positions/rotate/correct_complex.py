# approach: complex numbers
import torch


def rotate(x, positions, omega, layout):
    if layout == "halves":
        half = x.shape[-1] // 2
        numbers = torch.complex(x[..., :half].double(), x[..., half:].double())
    else:
        numbers = torch.view_as_complex(x.double().unflatten(-1, (-1, 2)))
    angles = positions[:, None].double() * omega
    numbers = numbers * torch.polar(torch.ones_like(angles), angles)
    if layout == "halves":
        return torch.cat([numbers.real, numbers.imag], dim=-1)
    return torch.view_as_real(numbers).flatten(-2)
