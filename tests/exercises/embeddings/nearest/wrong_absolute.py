# misconception: opposite directions are similar
# message: word 4 points away
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = (unit @ unit[word]).abs()
    cosines[word] = -1
    return cosines.topk(k).indices
