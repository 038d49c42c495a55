# misconception: the first logits are those of the next token
# message: what was expected after the first token of the text
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, 0].argmax(-1, keepdim=True)], dim=1)
    return token_ids
