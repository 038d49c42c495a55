# misconception: positions always count from 0
# message: gets position 0: does your code use `start`
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    return token_embedding[token_ids] + position_embedding[torch.arange(token_ids.shape[1])]
