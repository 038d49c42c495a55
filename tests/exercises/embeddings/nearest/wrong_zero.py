# misconception: a cosine of 0 puts the word at the end
# message: since others have negative cosines
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    cosines = unit @ unit[word]
    cosines[word] = 0
    return cosines.topk(k).indices
