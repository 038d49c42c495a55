# misconception: eps is always 0.00001
# message: does your code use eps
import torch


def layer_norm(x, weight, bias, eps):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weight, bias)
