# misconception: the centre learns from its real neighbour only
# message: gradient of centre is wrong|its gradient is wrong
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.detach().unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).sum(1)).mean()
