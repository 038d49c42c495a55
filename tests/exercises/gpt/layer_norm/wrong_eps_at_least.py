# misconception: an eps below 0.00001 is unsafe
# message: standard deviation 0.01 and eps=1e-08
import torch


def layer_norm(x, weight, bias, eps):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weight, bias, max(eps, 1e-5))
