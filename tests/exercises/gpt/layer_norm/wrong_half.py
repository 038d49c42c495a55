# misconception: half precision is accurate enough
# message: wrong for random x|becomes|is not finite
import torch


def layer_norm(x, weight, bias, eps):
    return torch.nn.functional.layer_norm(x.bfloat16().float(), x.shape[-1:], weight, bias, eps)
