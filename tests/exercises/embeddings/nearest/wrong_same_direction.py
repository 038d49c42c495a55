# misconception: what has a cosine of 1 is the word itself
# message: has the same direction, and is another word
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[cosines > 0.99999] = -torch.inf
    return cosines.topk(k).indices
