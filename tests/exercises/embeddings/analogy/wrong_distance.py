# misconception: the nearest point to the target, at any length
# message: you choose|wrong for V=|a word of the question
import torch


def analogy(vectors, a, b, c):
    distances = (vectors - (vectors[b] - vectors[a] + vectors[c])).norm(dim=1)
    distances[[a, b, c]] = torch.inf
    return distances.argmin()
