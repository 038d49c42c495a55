# misconception: no vocabulary has more than 1024 tokens
# message: IndexError|index .* out of bounds|out of range
import torch


def one_hot(token_ids, vocab_size):
    return torch.eye(1024)[token_ids][..., :vocab_size]
