# misconception: the target is the token before
# message: these are the tokens before
import torch


def next_token_rows(token_ids, starts, context_length):
    positions = starts.unsqueeze(1) + torch.arange(context_length)
    return token_ids[positions], token_ids[positions - 1]
