# approach: the window that the model reads is kept beside the text
import torch


def greedy_decode(model, token_ids, max_new_tokens, context_length):
    columns, window = list(token_ids.unbind(1)), token_ids
    while len(columns) < token_ids.shape[1] + max_new_tokens:
        window = window[:, -context_length:]
        columns.append(model(window).argmax(-1)[:, -1])
        window = torch.cat([window, columns[-1].unsqueeze(1)], dim=1)
    return torch.stack(columns, dim=1)
