# misconception: the model shifts by itself
# message: these are its own tokens
import torch


def next_token_rows(token_ids, starts, context_length):
    rows = torch.stack([token_ids[start : start + context_length] for start in starts.tolist()])
    return rows, rows.clone()
