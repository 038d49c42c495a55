# approach: the result is made at once and filled column by column
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    batch_size, length = token_ids.shape
    text = torch.zeros(batch_size, length + max_new_tokens, dtype=torch.long)
    text[:, :length] = token_ids
    for end in range(length, length + max_new_tokens):
        logits = model(text[:, max(0, end - context_length) : end])
        text[:, end] = torch.max(logits[:, -1], dim=1).indices
    return text
