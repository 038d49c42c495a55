# misconception: tokens are the columns
# message: instead of \(3, 5\)
import torch


def one_hot(token_ids, vocab_size):
    return torch.eye(vocab_size)[token_ids].transpose(0, -1)
