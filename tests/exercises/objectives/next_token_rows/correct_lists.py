# approach: Python's lists
import torch


def next_token_rows(token_ids, starts, context_length):
    stream, windows, targets = token_ids.tolist(), [], []
    for start in starts:
        windows.append([stream[start + t] for t in range(context_length)])
        targets.append([stream[start + t + 1] for t in range(context_length)])
    return torch.tensor(windows), torch.tensor(targets)
