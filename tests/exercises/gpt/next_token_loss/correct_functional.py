# approach: torch's cross-entropy on flattened tensors
from torch.nn import functional as F


def next_token_loss(logits, token_ids):
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten())
