# misconception: a hundredth added to the product of the lengths does not change the order
# message: as short and as long as allowed
import math


def nearest(vectors, word, k):
    lengths = vectors.norm(dim=1)
    cosines = vectors @ vectors[word] / (lengths * lengths[word] + 1e-2)
    cosines[word] = -math.inf
    return cosines.topk(k).indices
