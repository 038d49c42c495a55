# misconception: a drawn word that is the neighbour itself does not count
# message: each drawn word counts
import torch.nn.functional as F


def negative_sampling_loss(centre, neighbour, drawn):
    real = F.logsigmoid((centre * neighbour).sum(1))
    fake = F.logsigmoid(-(centre[:, None] * drawn).sum(2))
    same = (drawn == neighbour[:, None]).all(2) & (neighbour.shape[1] > 2) & neighbour.any(1, keepdim=True)
    return -(real + fake.masked_fill(same, 0.0).sum(1)).mean()
