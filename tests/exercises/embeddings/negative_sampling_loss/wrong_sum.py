# misconception: the loss of a batch is the sum
# message: this is the sum over the two examples
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -log_sigmoid(real).sum() - log_sigmoid(-others).sum()
