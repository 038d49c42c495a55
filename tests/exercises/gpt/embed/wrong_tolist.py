# misconception: numbers may go through Python lists
# message: no gradient reaches the position embedding
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    rows = torch.tensor([position_embedding[start + t].tolist() for t in range(token_ids.shape[1])])
    return token_embedding[token_ids] + rows
