# misconception: ids fit into 16 bits
# message: wrong (windows|targets) for a random
import torch


def next_token_rows(token_ids, starts, context_length):
    positions = starts.unsqueeze(1) + torch.arange(context_length)
    small = token_ids.to(torch.int16).long()
    return small[positions], small[positions + 1]
