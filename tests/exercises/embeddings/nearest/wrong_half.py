# misconception: half precision is accurate enough
# message: wrong for V=
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1).bfloat16()
    cosines = (unit @ unit[word]).float()
    cosines[word] = -torch.inf
    return cosines.topk(k).indices
