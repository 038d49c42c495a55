# misconception: half precision is accurate enough
# message: wrong for random x|is not 1
import torch


def rms_norm(x, weight, eps):
    return torch.nn.functional.rms_norm(x.bfloat16().float(), x.shape[-1:], weight, eps)
