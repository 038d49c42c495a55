# misconception: once there is a position, the token needs no vector
# message: gets a position, but its own vector is missing
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    positions = torch.arange(start, start + token_ids.shape[1])
    return position_embedding[positions].expand(*token_ids.shape, -1)
