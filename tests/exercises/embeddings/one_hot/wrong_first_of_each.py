# misconception: a repeated token is new only once
# message: where is its 1
import torch


def one_hot(token_ids, vocab_size):
    rows = torch.zeros(token_ids.numel(), vocab_size)
    seen = set()
    for row, token in enumerate(token_ids.flatten().tolist()):
        if token not in seen:
            rows[row, token] = 1
        seen.add(token)
    return rows.view(*token_ids.shape, vocab_size)
