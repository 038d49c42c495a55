# misconception: centre @ neighbour.T has one score for each example
# message: of another example|the sum over the two|belongs to each example once|gets the loss
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = centre @ neighbour.T
    others = (drawn @ centre.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real).mean(1) + log_sigmoid(-others).sum(1)).mean()
