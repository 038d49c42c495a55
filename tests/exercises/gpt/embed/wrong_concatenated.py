# misconception: positions are put beside the tokens
# message: give the shape \(2, 4, 6\) instead of \(2, 4, 3\)
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    positions = position_embedding[start : start + token_ids.shape[1]].expand(len(token_ids), -1, -1)
    return torch.cat([token_embedding[token_ids], positions], dim=-1)
