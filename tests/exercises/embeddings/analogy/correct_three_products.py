# approach: three dot products, added up
import torch


def analogy(vectors, a, b, c):
    unit = torch.nn.functional.normalize(vectors.double(), dim=1)
    scores = unit @ unit[b] - unit @ unit[a] + unit @ unit[c]
    allowed = torch.ones(len(vectors), dtype=torch.bool)
    allowed[torch.tensor([a, b, c])] = False
    return int(scores.masked_fill(~allowed, -torch.inf).argmax())
