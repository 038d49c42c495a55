# misconception: a vector is normalised to length 1
# message: this has length 1
import torch


def rms_norm(x, weight, eps):
    return x / torch.sqrt((x**2).sum(-1, keepdim=True) + eps) * weight
