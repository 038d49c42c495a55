# misconception: the loss of a batch is the average over its rows
# message: this is the sum over a row: average over all predicted tokens
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    total = cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten(), reduction="sum")
    return total / len(token_ids)
