# misconception: starts counts windows
# message: the window from 5|out of bounds|out of range
import torch


def next_token_rows(token_ids, starts, context_length):
    positions = (starts * context_length).unsqueeze(1) + torch.arange(context_length)
    positions = positions % (len(token_ids) - 1)
    return token_ids[positions], token_ids[positions + 1]
