# misconception: cross_entropy wants probabilities
# message: is the softmax taken twice
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits[:, :-1].softmax(-1).flatten(0, 1), token_ids[:, 1:].flatten())
