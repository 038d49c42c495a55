# misconception: the same window twice is a mistake
# message: shape|wrong windows|broadcast|Error
import torch


def next_token_rows(token_ids, starts, context_length):
    starts = torch.tensor(list(dict.fromkeys(starts.tolist())))
    positions = starts.unsqueeze(1) + torch.arange(context_length)
    return token_ids[positions], token_ids[positions + 1]
