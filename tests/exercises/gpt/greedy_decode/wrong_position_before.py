# misconception: the logits about the next token stand one position earlier
# message: what was expected before the last token of the text
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    for _ in range(max_new_tokens):
        logits = model(token_ids[:, -context_length:])
        token_ids = torch.cat([token_ids, logits[:, -2].argmax(-1, keepdim=True)], dim=1)
    return token_ids
