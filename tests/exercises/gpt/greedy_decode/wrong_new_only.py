# misconception: the result is what was written
# message: only the new token was returned
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    length = token_ids.shape[1]
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids[:, length:]
