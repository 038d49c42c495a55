# approach: torch's cosine, and a sort
import torch


def nearest(vectors, word, k):
    cosines = torch.nn.functional.cosine_similarity(vectors, vectors[word].unsqueeze(0), dim=1)
    order = cosines.argsort(descending=True).tolist()
    order.remove(word)
    return order[:k]
