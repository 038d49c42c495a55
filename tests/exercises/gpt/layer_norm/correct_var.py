# approach: torch's variance without Bessel's correction, and rsqrt
import torch


def layer_norm(x, weight, bias, eps):
    variance, mean = torch.var_mean(x, dim=-1, keepdim=True, correction=0)
    return torch.addcmul(bias, (x - mean) * (variance + eps).rsqrt(), weight)
