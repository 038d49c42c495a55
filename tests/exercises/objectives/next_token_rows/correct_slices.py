# approach: slices, stacked
import torch


def next_token_rows(token_ids, starts, context_length):
    rows = torch.stack([token_ids[start : start + context_length + 1] for start in starts.tolist()])
    return rows[:, :-1], rows[:, 1:]
