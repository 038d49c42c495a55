# misconception: nan marks what is not scored
# message: you return nan|wrong gradient|nan
import torch


def mean_over_scored(losses, scored):
    return torch.where(scored, losses, torch.nan).nanmean()
