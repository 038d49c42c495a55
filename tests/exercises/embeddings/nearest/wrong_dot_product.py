# misconception: the dot product measures similarity
# message: word 2 is long
import torch


def nearest(vectors, word, k):
    scores = vectors @ vectors[word]
    scores[word] = -torch.inf
    return scores.topk(k).indices
