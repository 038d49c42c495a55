# misconception: the vocabulary ends at the largest id of the text
# message: the vocabulary may have tokens that do not occur
import torch


def one_hot(token_ids, vocab_size):
    return torch.nn.functional.one_hot(token_ids).float()
