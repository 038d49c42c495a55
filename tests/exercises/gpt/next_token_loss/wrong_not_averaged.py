# misconception: one loss per token is a loss
# message: you returned 8 numbers: average them
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten(), reduction="none")
