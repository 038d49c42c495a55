# misconception: vectors may be divided by their lengths where they are
# message: changed the tensor `vectors`
import torch


def nearest(vectors, word, k):
    vectors /= vectors.norm(dim=1, keepdim=True)
    cosines = vectors @ vectors[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).indices
