# misconception: an eps below 0.000001 is unsafe
# message: wrong for random x
import torch


def rms_norm(x, weight, eps):
    return torch.nn.functional.rms_norm(x, x.shape[-1:], weight, max(eps, 1e-6))
