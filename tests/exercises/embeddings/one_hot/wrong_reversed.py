# misconception: the vocabulary is counted from its end
# message: is this the vector of another token
import torch


def one_hot(token_ids, vocab_size):
    return torch.eye(vocab_size).flip(0)[token_ids]
