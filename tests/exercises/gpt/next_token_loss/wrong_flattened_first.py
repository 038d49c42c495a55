# misconception: the shift can come after the rows are put together
# message: the logits at the last position change your loss
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits.flatten(0, 1)[:-1], token_ids.flatten()[1:])
