# misconception: the first axis of the ids is time
# message: gets the position 100|gets no position|gets the position \d+
import torch


def embed(token_ids, token_embedding, position_embedding, start):
    positions = torch.arange(start, start + len(token_ids)).unsqueeze(1)
    return token_embedding[token_ids] + position_embedding[positions]
