# approach: rows are selected for the flattened ids, with positions repeated for each row
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    batch_size, num_tokens = token_ids.shape
    positions = (torch.arange(num_tokens) + start).repeat(batch_size)
    hidden = token_embedding.index_select(0, token_ids.flatten()) + position_embedding.index_select(0, positions)
    return hidden.reshape(batch_size, num_tokens, -1)
