# misconception: max(x, 0) + log(1 + exp(-|x|)) has the right gradient everywhere (at 0 it is 1 instead of 1/2)
# message: its gradient is wrong
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    def cost(x):
        return x.clamp(min=0) + torch.log1p(torch.exp(-x.abs()))

    return (cost(-(centre * neighbour).sum(1)) + cost((centre[:, None] * drawn).sum(2)).sum(1)).mean()
