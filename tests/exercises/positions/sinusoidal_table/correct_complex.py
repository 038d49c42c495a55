# approach: complex numbers of length 1
import torch


def sinusoidal_table(positions, omega):
    angles = torch.einsum("t,j->tj", positions.float(), omega)
    turned = torch.view_as_real(torch.polar(torch.ones_like(angles), angles))
    return turned.flip(-1).reshape(len(positions), -1)
