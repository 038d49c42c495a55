# misconception: scores beyond 100 make no difference
# message: is its logarithm cut off
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1).clamp(-100, 100)
    others = (drawn @ centre.unsqueeze(2)).squeeze(2).clamp(-100, 100)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).sum(1)).mean()
