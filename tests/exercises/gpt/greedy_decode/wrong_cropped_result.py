# misconception: what the model cannot read any more is not part of the text
# message: 3 tokens and 5 new ones with a context of 4 have the shape \(2, 5\)
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        token_ids = token_ids[:, -context_length:]
        token_ids = torch.cat([token_ids, model(token_ids)[:, -1].argmax(-1, keepdim=True)], dim=1)
    return token_ids
