# misconception: max_new_tokens is the length of the whole text
# message: 2 texts of 3 tokens and one new token give the shape \(2, 3\)
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    while token_ids.shape[1] < max_new_tokens:
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
