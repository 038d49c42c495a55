# misconception: a loss is only looked at
# message: no gradient goes from your loss to the logits
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.functional.cross_entropy(logits.detach()[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten())
