# misconception: the token's number stands at its position
# message: nothing but 0 and 1
import torch


def one_hot(token_ids, vocab_size):
    return (torch.eye(vocab_size) * torch.arange(vocab_size))[token_ids]
