# misconception: logits that are nearly equal are equal
# message: the right logit leads by 0.0002|wrote something else
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -1].round(decimals=2).argmax(-1, keepdim=True)], dim=1)
    return token_ids
