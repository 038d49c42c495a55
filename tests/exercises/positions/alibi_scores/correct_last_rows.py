# approach: the table of all queries, and its last rows
import torch


def alibi_scores(scores, slopes):
    positions = torch.arange(scores.shape[2])
    distance = (positions[:, None] - positions).double()
    distance[distance < 0] = torch.inf
    return scores - slopes[:, None, None] * distance[-scores.shape[1] :]
