# misconception: logits are losses, so the smallest is best
# message: the first new token is the least probable one
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -1].argmin(-1, keepdim=True)], dim=1)
    return token_ids
