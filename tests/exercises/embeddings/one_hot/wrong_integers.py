# misconception: the numbers 0 and 1 are integers
# message: a table of floats cannot be multiplied
import torch


def one_hot(token_ids, vocab_size):
    return torch.nn.functional.one_hot(token_ids, vocab_size)
