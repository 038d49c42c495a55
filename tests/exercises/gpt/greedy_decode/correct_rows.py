# approach: row by row, with Python lists
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    texts = token_ids.tolist()
    for text in texts:
        for _ in range(max_new_tokens):
            text.append(int(model(torch.tensor([text[-context_length:]]))[0, -1].argmax()))
    return torch.tensor(texts)
