# misconception: a batch of one row is the same as the row
# message: wrong shape
import torch


def one_hot(token_ids, vocab_size):
    if token_ids.ndim == 1:
        return torch.eye(vocab_size)[token_ids]
    return torch.stack([torch.eye(vocab_size)[row] for row in token_ids]).squeeze(0)
