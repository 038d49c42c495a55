# misconception: eps is always 0.000001
# message: does your code use eps
import torch


def rms_norm(x, weight, eps):
    return torch.nn.functional.rms_norm(x, x.shape[-1:], weight, 1e-6)
