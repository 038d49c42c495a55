# misconception: dividing by the length of the word asked for is enough
# message: word 2 is long
import torch


def nearest(vectors, word, k):
    scores = vectors @ vectors[word] / vectors[word].norm()
    scores[word] = -torch.inf
    return scores.topk(k).indices
