# misconception: the argument can be made longer where it is
# message: your function changed the token ids|has the shape
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    given = token_ids
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -1].argmax(-1, keepdim=True)], dim=1)
    given.set_(token_ids)
    return token_ids
