# misconception: the mean of the rows' means is the mean
# message: mean of the means of the rows
import torch


def mean_over_scored(losses, scored):
    kept = torch.where(scored, losses, 0.0)
    return (kept.sum(1) / scored.sum(1).clamp(min=1)).mean()
