# misconception: logits beyond 100 make no difference
# message: has a negative log-probability of 2000
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.functional.cross_entropy(logits.clamp(-100, 100)[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten())
