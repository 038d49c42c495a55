# misconception: mean and variance are those of the whole tensor
# message: among others, and .* alone: over which axis are mean and variance
import torch


def layer_norm(x, weight, bias, eps):
    return (x - x.mean()) / torch.sqrt(x.var(correction=0) + eps) * weight + bias
