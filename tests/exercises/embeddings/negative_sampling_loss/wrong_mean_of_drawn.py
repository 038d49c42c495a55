# misconception: the drawn words count as much as one real neighbour
# message: added up, not averaged
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).mean(1)).mean()
