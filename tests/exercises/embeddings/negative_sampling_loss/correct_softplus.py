# approach: -log sigmoid(x) is softplus(-x); one product for all words
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    words = torch.cat([-neighbour.unsqueeze(1), drawn], dim=1)
    scores = torch.einsum("bd,bkd->bk", centre, words)
    return torch.nn.functional.softplus(scores).sum(dim=1).mean()
