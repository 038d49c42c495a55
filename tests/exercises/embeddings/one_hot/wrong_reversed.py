# misconception: the vocabulary is counted from its end
# message: has its 1 at position \d+: from where do you count
import torch


def one_hot(token_ids, vocab_size):
    return torch.eye(vocab_size).flip(0)[token_ids]
