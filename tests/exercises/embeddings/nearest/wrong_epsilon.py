# misconception: a length is made safe by adding a thousandth
# message: wrong for V=
import torch


def nearest(vectors, word, k):
    unit = vectors / (vectors.norm(dim=1, keepdim=True) + 1e-2)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).indices
