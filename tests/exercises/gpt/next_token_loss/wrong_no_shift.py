# misconception: logits and tokens already belong together
# message: logits that repeat the token just read get a loss of 0
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits.flatten(0, 1), token_ids.flatten())
