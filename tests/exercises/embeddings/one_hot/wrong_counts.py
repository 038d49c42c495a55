# misconception: one vector that counts the tokens of the text
# message: has the shape
import torch


def one_hot(token_ids, vocab_size):
    return torch.bincount(token_ids.flatten(), minlength=vocab_size).float()
