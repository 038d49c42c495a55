# misconception: what is not scored counts as 0
# message: divided by the number of all
import torch


def mean_over_scored(losses, scored):
    return torch.where(scored, losses, 0.0).mean()
