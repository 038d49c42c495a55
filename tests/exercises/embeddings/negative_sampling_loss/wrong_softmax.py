# misconception: the real neighbour competes with the drawn words in a softmax
# message: the loss is
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    words = torch.cat([neighbour.unsqueeze(1), drawn], dim=1)
    scores = torch.einsum("bd,bkd->bk", centre, words)
    return -scores.log_softmax(dim=1)[:, 0].mean()
