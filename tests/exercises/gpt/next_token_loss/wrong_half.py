# misconception: half precision is accurate enough
# message: wrong for random logits
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.functional.cross_entropy(
        logits.bfloat16().float()[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten()
    )
