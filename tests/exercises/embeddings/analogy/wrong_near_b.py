# misconception: the offset can be left out
# message: nearest to b: do a and c take part
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ unit[b]
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
