# approach: the squares are summed by einsum
import torch


def rms_norm(x, weight, eps):
    size = torch.einsum("...d,...d->...", x, x) / x.shape[-1]
    return weight * x / torch.sqrt(size + eps).unsqueeze(-1)
