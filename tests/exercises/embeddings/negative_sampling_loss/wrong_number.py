# misconception: a loss is a Python number
# message: no gradient reaches centre|'float' object has no attribute
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return torch.tensor(-(log_sigmoid(real) + log_sigmoid(-others).sum(1)).mean().item())
