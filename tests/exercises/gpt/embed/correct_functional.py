# approach: torch's embedding, and a slice of the positions
from torch.nn.functional import embedding


def embed(token_ids, token_embedding, position_embedding, start):
    end = start + token_ids.size(1)
    return embedding(token_ids, token_embedding) + position_embedding[start:end].unsqueeze(0)
