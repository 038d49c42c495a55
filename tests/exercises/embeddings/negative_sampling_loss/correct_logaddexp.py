# approach: log(1 + e^x) as logaddexp(0, x), in float64
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    v = centre.double()
    real = (neighbour * v).sum(-1)
    others = (drawn * v[:, None]).sum(-1)
    zero = torch.zeros((), dtype=torch.float64)
    return (torch.logaddexp(zero, -real) + torch.logaddexp(zero, others).sum(-1)).mean()
