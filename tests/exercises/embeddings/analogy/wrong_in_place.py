# misconception: the offset may be computed in the row of b
# message: changed the tensor `vectors`
import torch


def analogy(vectors, a, b, c):
    vectors /= vectors.norm(dim=1, keepdim=True)
    scores = vectors @ (vectors[b] - vectors[a] + vectors[c])
    scores[[a, b, c]] = -torch.inf
    return scores.argmax()
