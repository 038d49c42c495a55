# misconception: a word is its own nearest neighbour
# message: leave the word itself out
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    return (unit @ unit[word]).topk(k).indices
