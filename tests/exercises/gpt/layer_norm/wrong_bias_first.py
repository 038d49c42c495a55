# misconception: the bias is added before the weight multiplies
# message: the bias is multiplied by the weight: in which order
import torch


def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, correction=0)
    return ((x - mean) / torch.sqrt(variance + eps) + bias) * weight
