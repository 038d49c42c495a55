# misconception: the sign of the neighbour may be changed where it is
# message: changed the tensor `neighbour`
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    neighbour.data.neg_()
    words = torch.cat([neighbour.unsqueeze(1), drawn], dim=1)
    scores = torch.einsum("bd,bkd->bk", centre, words)
    return torch.nn.functional.softplus(scores).sum(dim=1).mean()
