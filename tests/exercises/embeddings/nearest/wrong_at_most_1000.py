# misconception: the first thousand words are the common ones
# message: IndexError|out of|wrong for|selected index
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit[:1000] @ unit[word]
    if word < 1000:
        cosines[word] = -torch.inf
    return cosines.topk(k).indices
