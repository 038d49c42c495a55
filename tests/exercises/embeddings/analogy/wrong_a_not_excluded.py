# misconception: the first word cannot be the answer anyway
# message: a word of the question|is its score really lower|with V=
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    scores[[b, c]] = -torch.inf
    return scores.argmax()
