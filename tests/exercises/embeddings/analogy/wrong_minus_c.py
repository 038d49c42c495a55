# misconception: the offset is taken from c
# message: this points away from c
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] - unit[c])
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
