# misconception: exp is cut off at 80, and from 100 on the cost is a straight line, so nothing is lost
# message: whose dot product is -90
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    def cost(x):
        return torch.log1p(torch.exp(x.clamp(max=80))) + (x - 80).clamp(min=0) * (x > 100)

    return (cost(-(centre * neighbour).sum(1)) + cost((centre[:, None] * drawn).sum(2)).sum(1)).mean()
