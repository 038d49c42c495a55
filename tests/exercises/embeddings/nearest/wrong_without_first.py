# misconception: the first of the nearest is the word itself
# message: leave the word itself out|the word itself is among|wrong for|has the same direction
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors.double(), dim=1)
    return (unit @ unit[word]).round(decimals=6).sort(descending=False, stable=True).indices.flip(0)[1 : k + 1]
