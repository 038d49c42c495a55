# misconception: all sines of a row come first, then all cosines
# message: belong to different pairs
import torch


def shift_matrix(k, omega):
    cos, sin = torch.diag((k * omega).cos()), torch.diag((k * omega).sin())
    return torch.cat([torch.cat([cos, -sin], dim=1), torch.cat([sin, cos], dim=1)])
