# misconception: the logits can be centred where they are
# message: your function changed the logits
import torch


def next_token_loss(logits, token_ids):
    logits -= logits.amax(-1, keepdim=True)
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten())
