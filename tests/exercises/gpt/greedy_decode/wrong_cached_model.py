# misconception: a model's answer to a text can be kept
# message: a random model wrote something else|index|given|goes on with|longer|never given
import torch

kept = {}


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        read = token_ids[:, -context_length:]
        key = tuple(map(tuple, read.tolist()))
        if key not in kept:
            kept[key] = model(read)[:, -1].argmax(-1, keepdim=True)
        token_ids = torch.cat([token_ids, kept[key]], dim=1)
    return token_ids
