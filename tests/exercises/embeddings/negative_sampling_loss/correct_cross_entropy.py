# approach: binary cross-entropy with labels
import torch


def negative_sampling_loss(centre, neighbour, drawn):
    scores = torch.cat([neighbour.unsqueeze(1), drawn], dim=1) @ centre.unsqueeze(-1)
    labels = torch.zeros_like(scores)
    labels[:, 0] = 1
    loss = torch.nn.functional.binary_cross_entropy_with_logits(scores, labels, reduction="sum")
    return loss / len(centre)
