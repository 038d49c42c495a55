# misconception: one number is one number, whatever its axes
# message: has the shape \(1, 1\)
import torch


def mean_over_scored(losses, scored):
    total = torch.where(scored, losses, 0.0).sum(dim=(0, 1), keepdim=True)
    return total / scored.sum().clamp(min=1)
