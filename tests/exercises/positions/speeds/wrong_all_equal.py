# misconception: all pairs turn by one radian
# message: all pairs turn equally fast
import torch


def speeds(d, base):
    return torch.ones(d // 2)
