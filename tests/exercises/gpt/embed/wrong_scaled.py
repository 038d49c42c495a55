# misconception: token vectors are multiplied by the root of the width, as in the first Transformer
# message: gets the vector of another token
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    positions = torch.arange(start, start + token_ids.shape[1])
    return token_embedding[token_ids] * token_embedding.shape[1] ** 0.5 + position_embedding[positions]
