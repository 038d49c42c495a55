# misconception: only the size matters, as in RMSNorm
# message: its mean is not 0
import torch


def layer_norm(x, weight, bias, eps):
    return x / torch.sqrt((x**2).mean(-1, keepdim=True) + eps) * weight + bias
