# misconception: the stream is followed by its beginning
# message: wrong targets|wrong windows
import torch


def next_token_rows(token_ids, starts, context_length):
    last = len(token_ids) - context_length - 2
    positions = starts.clamp(max=max(last, 0)).unsqueeze(1) + torch.arange(context_length)
    return token_ids[positions], token_ids[positions + 1]
