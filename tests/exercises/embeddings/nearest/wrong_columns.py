# misconception: the columns are divided by their lengths
# message: words nearest to word 0|has no|is not
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=0)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).indices
