# misconception: every row with the same direction as a, b or c is that word
# message: has the direction of b
import math

import torch.nn.functional as F


def analogy(vectors, a, b, c):
    unit = F.normalize(vectors.double(), dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    for row in (a, b, c):
        scores[(unit - unit[row]).abs().amax(dim=1) < 1e-6] = -math.inf
    return int(scores.argmax())
