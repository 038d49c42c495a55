# misconception: what follows the last token is the first one
# message: the logits at the last position change your loss
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits.flatten(0, 1), token_ids.roll(-1, dims=1).flatten())
