# misconception: torch's var and std divide by D
# message: your variance is too large: by what does the formula divide
import torch


def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias
