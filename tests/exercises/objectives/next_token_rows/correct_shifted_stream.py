# approach: the whole stream is shifted first
import torch


def next_token_rows(token_ids, starts, context_length):
    positions = torch.stack([starts + t for t in range(context_length)], dim=1)
    return token_ids.take(positions), token_ids.roll(-1)[positions]
