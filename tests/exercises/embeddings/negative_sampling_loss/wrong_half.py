# misconception: half precision is accurate enough
# message: wrong for \d+ random examples|the loss is
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    words = torch.cat([-neighbour.unsqueeze(1), drawn], dim=1).bfloat16()
    scores = torch.einsum("bd,bkd->bk", centre.bfloat16(), words).float()
    return torch.nn.functional.softplus(scores).sum(dim=1).mean()
