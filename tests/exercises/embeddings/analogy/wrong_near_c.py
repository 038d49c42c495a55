# misconception: the answer is the nearest word to c
# message: nearest to c: do a and b take part
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    scores = unit @ unit[c]
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
