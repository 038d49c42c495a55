# misconception: the scores of drawn words can be added before the sigmoid
# message: where are|added up|the loss is
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn.sum(1) * centre).sum(1)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others)).mean()
