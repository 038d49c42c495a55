# misconception: a batch becomes one long text
# message: instead of \(2, 3, 4\)
import torch


def one_hot(token_ids, vocab_size):
    return torch.eye(vocab_size)[token_ids.flatten()]
