# misconception: the axis of the mean lines up by itself
# message: over which axis are mean and variance|must match the size of tensor
import torch


def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(-1), x.var(-1, correction=0)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias
