# approach: one more token, and the rest by the function itself
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    if max_new_tokens == 0:
        return token_ids
    logits = model(token_ids[:, -context_length:])[:, -1, :]
    token_ids = torch.hstack((token_ids, logits.topk(1, dim=-1).indices))
    return greedy_decode(model, token_ids, max_new_tokens - 1, context_length)
