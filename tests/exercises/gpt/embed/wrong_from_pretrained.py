# misconception: from_pretrained makes an embedding that can be trained
# message: no gradient reaches the token embedding
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    tokens = torch.nn.Embedding.from_pretrained(token_embedding)
    return tokens(token_ids) + position_embedding[start : start + token_ids.shape[1]]
