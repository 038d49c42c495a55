# misconception: the formula can be typed as it stands
# message: with dot products of -?500 the loss is
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = torch.sigmoid((neighbour * centre).sum(1))
    others = torch.sigmoid(-(drawn @ centre.unsqueeze(2)).squeeze(2))
    return -(real.log() + others.log().sum(1)).mean()
