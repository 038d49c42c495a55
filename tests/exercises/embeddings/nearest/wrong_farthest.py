# misconception: the least cosine is the nearest
# message: these are the farthest words
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[word] = torch.inf
    return cosines.argsort()[:k]
