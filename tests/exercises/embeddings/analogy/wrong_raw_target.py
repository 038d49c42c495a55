# misconception: the target is made of the vectors as they are
# message: you choose|wrong for V=
import torch


def analogy(vectors, a, b, c):
    scores = torch.nn.functional.normalize(vectors, dim=1) @ (vectors[b] - vectors[a] + vectors[c])
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
