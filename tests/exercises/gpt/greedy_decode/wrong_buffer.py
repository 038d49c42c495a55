# misconception: a buffer of 1024 positions is large enough
# message: shape mismatch|after 1500 tokens|after 1490|must match the size|index 1024|expanded size|invalid
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    length = token_ids.shape[1]
    text = torch.zeros(len(token_ids), 1024, dtype=torch.long)
    text[:, :length] = token_ids
    for end in range(length, length + max_new_tokens):
        text[:, end] = model(text[:, max(0, end - context_length) : end])[:, -1].argmax(-1)
    return text[:, : length + max_new_tokens]
