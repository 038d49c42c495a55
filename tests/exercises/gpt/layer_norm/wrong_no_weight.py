# misconception: weight and bias belong to the next linear map
# message: the weight of a column does not multiply
import torch


def layer_norm(x, weight, bias, eps):
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, correction=0)
    return (x - mean) / torch.sqrt(variance + eps)
