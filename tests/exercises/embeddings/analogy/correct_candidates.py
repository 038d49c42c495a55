# approach: the rows of the possible answers, and back to their numbers
import torch


def analogy(vectors, a, b, c):
    rows = torch.tensor([row for row in range(len(vectors)) if row not in (a, b, c)])
    unit = vectors / vectors.pow(2).sum(1, keepdim=True).sqrt()
    return rows[(unit[rows] @ (unit[b] - unit[a] + unit[c])).argmax()]
