# misconception: the first axis is normalised, as in batch normalisation
# message: among others, and .* alone: over which axis are mean and variance
import torch


def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(0, keepdim=True), x.var(0, keepdim=True, correction=0)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias
