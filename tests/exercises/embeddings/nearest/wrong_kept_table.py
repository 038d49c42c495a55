# misconception: the directions of a table of this shape need not be computed again
# message: and is not found|wrong for V
import math

import torch.nn.functional as F

tables = {}


def nearest(vectors, word, k):
    if vectors.shape not in tables:
        tables[vectors.shape] = F.normalize(vectors, dim=1)
    unit = tables[vectors.shape]
    cosines = unit @ unit[word]
    cosines[word] = -math.inf
    return cosines.topk(k).indices
