# misconception: a loss is a number
# message: you returned a float: nothing can be trained with it
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten()).item()
