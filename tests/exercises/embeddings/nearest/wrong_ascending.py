# misconception: a sort puts the greatest first
# message: order them by cosine, the greatest first
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.argsort()[-k:]
