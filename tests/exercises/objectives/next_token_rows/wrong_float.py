# misconception: tensors hold floats
# message: token ids are int64
import torch


def next_token_rows(token_ids, starts, context_length):
    windows = torch.zeros(len(starts), context_length)
    targets = torch.zeros(len(starts), context_length)
    for b, start in enumerate(starts.tolist()):
        windows[b] = token_ids[start : start + context_length]
        targets[b] = token_ids[start + 1 : start + context_length + 1]
    return windows, targets
