# misconception: all positions up to the token are 1
# message: a single 1
import torch


def one_hot(token_ids, vocab_size):
    return (token_ids.unsqueeze(-1) >= torch.arange(vocab_size)).float()
