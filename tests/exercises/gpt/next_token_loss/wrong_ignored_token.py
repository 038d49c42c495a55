# misconception: token 0 is padding, which is not predicted
# message: is 1.3863|wrong for random logits|loss is
import torch


def next_token_loss(logits, token_ids):
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten(), ignore_index=0)
