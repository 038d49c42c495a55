# misconception: every normalisation subtracts the mean
# message: this is layer normalisation
import torch


def rms_norm(x, weight, eps):
    return torch.nn.functional.layer_norm(x, x.shape[-1:], weight, None, eps)
