# misconception: argmax works row by row on its own
# message: both texts go on with the same token
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        next_id = model(token_ids[:, -context_length:])[:, -1].argmax()
        token_ids = torch.cat([token_ids, next_id.expand(len(token_ids), 1)], dim=1)
    return token_ids
