# misconception: a loss is the sum over tokens
# message: this is the sum over 8 predicted tokens
from torch.nn.functional import cross_entropy


def next_token_loss(logits, token_ids):
    return cross_entropy(logits[:, :-1].flatten(0, 1), token_ids[:, 1:].flatten(), reduction="sum")
