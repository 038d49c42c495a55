# misconception: the order of the answers is free
# message: order them by cosine, the greatest first|is not the
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).indices.sort().values
