# misconception: 32 bits are enough for a token id
# message: torch.int32 numbers
import torch


def next_token_rows(token_ids, starts, context_length):
    index = starts[:, None] + torch.arange(context_length)
    ids = token_ids.to(torch.int32)
    return ids[index], ids[index + 1]
