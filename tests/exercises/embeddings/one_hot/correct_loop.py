# approach: a loop over the flattened ids
import torch


def one_hot(token_ids, vocab_size):
    rows = torch.zeros(token_ids.numel(), vocab_size)
    for row, token in enumerate(token_ids.flatten().tolist()):
        rows[row, token] = 1
    return rows.view(*token_ids.shape, vocab_size)
