# misconception: positions begin again after 1024
# message: wrong for token ids of shape \(2, 3\)
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    positions = (start + torch.arange(token_ids.shape[1])) % 1024
    return token_embedding[token_ids] + position_embedding[positions]
