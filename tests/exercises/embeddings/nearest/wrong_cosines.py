# misconception: the cosines are the answer
# message: return row numbers, not cosines
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).values
