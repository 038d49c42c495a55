# approach: ones scattered into zeros
import torch


def one_hot(token_ids, vocab_size):
    result = torch.zeros(*token_ids.shape, vocab_size)
    return result.scatter(-1, token_ids.unsqueeze(-1), 1.0)
