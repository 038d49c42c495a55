# misconception: no score is below -1
# message: nearly -3|a word of the question|its dot product is negative
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ (unit[b] - unit[a] + unit[c])
    scores[[a, b, c]] = -1
    return scores.argmax()
