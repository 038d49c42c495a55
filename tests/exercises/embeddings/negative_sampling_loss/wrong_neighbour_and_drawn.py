# misconception: drawn words are compared with the real neighbour
# message: drawn words with the dot products 2 and -1
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = (drawn @ neighbour.unsqueeze(2)).squeeze(2)
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).sum(1)).mean()
