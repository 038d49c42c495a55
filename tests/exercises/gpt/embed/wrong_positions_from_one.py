# misconception: the first position is 1
# message: gets the position 1: who stands where
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids] + position_embedding[torch.arange(start, start + token_ids.shape[1]) + 1]
