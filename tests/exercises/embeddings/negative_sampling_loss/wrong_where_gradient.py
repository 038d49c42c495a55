# misconception: where() hides an overflow from the gradient too
# message: its gradient is wrong
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    def cost(x):
        return torch.where(x > 50, x, torch.log1p(torch.exp(x)))

    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    return (cost(-real) + cost(others).sum(1)).mean()
