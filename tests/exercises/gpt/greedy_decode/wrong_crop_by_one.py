# misconception: one place in the context is kept for the new token
# message: the model can read 4 tokens, and was never given more than 3
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, 1 - context_length :])
        token_ids = torch.cat([token_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
