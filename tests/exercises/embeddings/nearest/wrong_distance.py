# misconception: the nearest points are the most similar words
# message: compare directions, not distances
import torch


def nearest(vectors, word, k):
    distances = (vectors - vectors[word]).norm(dim=1)
    distances[word] = torch.inf
    return distances.topk(k, largest=False).indices
