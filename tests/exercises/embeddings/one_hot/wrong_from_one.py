# misconception: the first token has the number 1
# message: indices count from 0|where is its 1
import torch


def one_hot(token_ids, vocab_size):
    return (token_ids.unsqueeze(-1) == torch.arange(1, vocab_size + 1)).float()
