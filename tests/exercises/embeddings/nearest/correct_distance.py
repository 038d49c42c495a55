# approach: among vectors of length 1, the nearest points have the greatest cosines
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors.double(), dim=1)
    distances = (unit - unit[word]).norm(dim=1)
    distances[word] = torch.inf
    return distances.topk(k, largest=False).indices
