# misconception: a buffer of 16 positions is large enough for a test
# message: index 16 is out of bounds|expanded size
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    length = token_ids.shape[1]
    text = torch.zeros(len(token_ids), max(16, length), dtype=torch.long)
    text[:, :length] = token_ids
    for end in range(length, length + max_new_tokens):
        text[:, end] = model(text[:, max(0, end - context_length) : end])[:, -1].argmax(-1)
    return text[:, : length + max_new_tokens]
