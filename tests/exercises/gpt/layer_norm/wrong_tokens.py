# misconception: the last two axes are normalised together
# message: among others, and .* alone: over which axis are mean and variance|is not finite|Dimension out of range
import torch


def layer_norm(x, weight, bias, eps):
    dims = (-2, -1) if x.ndim > 1 else (-1,)
    mean, variance = x.mean(dims, keepdim=True), x.var(dims, keepdim=True, correction=0)
    return (x - mean) / torch.sqrt(variance + eps) * weight + bias
