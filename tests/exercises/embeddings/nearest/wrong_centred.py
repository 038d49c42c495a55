# misconception: the mean of each vector is subtracted, as in a correlation
# message: words nearest to word 0|are not|wrong
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors - vectors.mean(1, keepdim=True), dim=1)
    cosines = unit @ unit[word]
    cosines[word] = -torch.inf
    return cosines.topk(k).indices
