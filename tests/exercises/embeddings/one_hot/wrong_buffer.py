# misconception: memory that is emptied first can be used again in each call
# message: changed the result of an earlier call
import torch

buffers = {}


def one_hot(token_ids, vocab_size):
    shape = (*token_ids.shape, vocab_size)
    if shape not in buffers:
        buffers[shape] = torch.empty(shape)
    return buffers[shape].zero_().scatter_(-1, token_ids.unsqueeze(-1), 1.0)
