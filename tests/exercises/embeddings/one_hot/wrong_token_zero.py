# misconception: token 0 is padding, without a vector
# message: where is its 1
import torch


def one_hot(token_ids, vocab_size):
    result = torch.eye(vocab_size)
    result[0, 0] = 0
    return result[token_ids]
