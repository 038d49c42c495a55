# misconception: the minus sign belongs to the real neighbour
# message: as if it were unlikely
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(-real) + log_sigmoid(-others).sum(1)).mean()
