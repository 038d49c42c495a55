# misconception: a word is its own nearest neighbour
# message: a word is no answer to itself
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    return (unit @ unit[word]).topk(k).indices
