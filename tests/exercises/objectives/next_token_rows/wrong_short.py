# misconception: the window of T tokens gives T - 1 predictions
# message: give windows of shape \(3, 2\)
import torch


def next_token_rows(token_ids, starts, context_length):
    rows = torch.stack([token_ids[start : start + context_length] for start in starts.tolist()])
    return rows[:, :-1], rows[:, 1:]
