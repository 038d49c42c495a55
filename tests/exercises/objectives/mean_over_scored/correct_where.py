# approach: zeros where nothing is scored
import torch


def mean_over_scored(losses, scored):
    total = torch.where(scored, losses, torch.zeros_like(losses)).sum()
    return total / scored.sum().clamp(min=1)
