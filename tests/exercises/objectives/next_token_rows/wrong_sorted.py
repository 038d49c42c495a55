# misconception: the order of windows does not matter
# message: the window from 5
import torch


def next_token_rows(token_ids, starts, context_length):
    positions = starts.sort().values.unsqueeze(1) + torch.arange(context_length)
    return token_ids[positions], token_ids[positions + 1]
