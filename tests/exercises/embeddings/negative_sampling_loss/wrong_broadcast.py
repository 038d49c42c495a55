# misconception: each centre meets the drawn words of all examples
# message: of another example|the sum over the two|gets the loss|this is
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    real = (neighbour * centre).sum(1)
    others = drawn.mean(dim=0) @ centre.T
    log_sigmoid = torch.nn.functional.logsigmoid
    return -(log_sigmoid(real) + log_sigmoid(-others).sum(0)).mean()
