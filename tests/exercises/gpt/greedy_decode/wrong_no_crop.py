# misconception: the model reads as much as there is
# message: the model was given 5 tokens and can read 4
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        token_ids = torch.cat([token_ids, model(token_ids)[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
