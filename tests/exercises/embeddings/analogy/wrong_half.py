# misconception: half precision is accurate enough
# message: wrong for dot products of|wrong for V=
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1).bfloat16()
    scores = (unit @ (unit[b] - unit[a] + unit[c])).float()
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
