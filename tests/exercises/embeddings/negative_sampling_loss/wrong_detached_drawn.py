# misconception: drawn words are not trained
# message: no gradient reaches drawn
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn.detach() @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).sum(1)).mean()
