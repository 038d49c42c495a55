# approach: numpy, complex numbers
import numpy as np
import torch


def rotate(x, positions, base):
    pairs = x.double().numpy().reshape(len(x), -1, 2)
    speeds = float(base) ** (-2 * np.arange(pairs.shape[1]) / x.shape[1])
    turned = (pairs[..., 0] + 1j * pairs[..., 1]) * np.exp(1j * np.outer(positions.numpy(), speeds))
    return torch.from_numpy(np.stack([turned.real, turned.imag], axis=-1).reshape(x.shape))
