# misconception: the logits are those of the token before
# message: which tokens are compared|the logits at the last position change your loss
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits[:, 1:].flatten(0, 1), token_ids[:, :-1].flatten())
