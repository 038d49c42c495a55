# misconception: one less the sigmoid is as good as the sigmoid of the opposite
# message: with dot products of 500 the loss is|is its logarithm cut off
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = torch.nn.functional.logsigmoid((neighbour * centre).sum(1))
    others = 1 - torch.sigmoid((drawn @ centre.unsqueeze(2)).squeeze(2))
    return -(real + others.clamp(min=1e-30).log().sum(1)).mean()
