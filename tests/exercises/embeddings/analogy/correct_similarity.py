# approach: torch's cosine with the target; its length changes no order
import torch


def analogy(vectors, a, b, c):
    unit = vectors / vectors.norm(dim=1, keepdim=True)
    target = unit[b] - unit[a] + unit[c]
    scores = torch.nn.functional.cosine_similarity(vectors, target.unsqueeze(0), dim=1, eps=0)
    for word in scores.argsort(descending=True).tolist():
        if word not in (a, b, c):
            return word
