# approach: torch's linear interpolation
import math

import torch


def stretch(omega, factor, trained_length, slow, fast):
    wavelength = 2 * math.pi / omega
    share = (trained_length / wavelength - slow) / (fast - slow)
    return torch.lerp(omega / factor, omega, share.clip(0.0, 1.0))
