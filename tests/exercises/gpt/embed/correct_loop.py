# approach: loops over rows and tokens
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    rows = []
    for row in token_ids.tolist():
        rows.append(torch.stack([token_embedding[id] + position_embedding[start + t] for t, id in enumerate(row)]))
    return torch.stack(rows)
