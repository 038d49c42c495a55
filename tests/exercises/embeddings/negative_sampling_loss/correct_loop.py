# approach: a loop over examples and drawn words
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    losses = []
    for v, u, others in zip(centre, neighbour, drawn, strict=True):
        loss = -torch.nn.functional.logsigmoid(u @ v)
        for other in others:
            loss = loss - torch.nn.functional.logsigmoid(-(other @ v))
        losses.append(loss)
    return torch.stack(losses).mean()
