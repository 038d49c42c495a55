# misconception: the offset leads from b to a
# message: which vector is subtracted
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[a] - unit[b] + unit[c])
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
