# misconception: the model reads the beginning at every step
# message: the model was never given more than the beginning: are new tokens appended
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    written = [token_ids]
    for _ in range(max_new_tokens):
        written.append(model(token_ids[:, -context_length:])[:, -1].argmax(-1, keepdim=True))
    return torch.cat(written, dim=1)
