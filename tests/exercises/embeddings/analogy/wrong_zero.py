# misconception: a score of 0 is low enough
# message: its dot product is negative|is its score really lower
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    scores[[a, b, c]] = 0
    return scores.argmax()
