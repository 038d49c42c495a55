# misconception: rows keep their numbers when one is taken out
# message: those behind it have other numbers
import torch


def nearest(vectors, word, k):
    unit = torch.nn.functional.normalize(vectors, dim=1)
    others = torch.cat([unit[:word], unit[word + 1 :]])
    return (others @ unit[word]).topk(k).indices
