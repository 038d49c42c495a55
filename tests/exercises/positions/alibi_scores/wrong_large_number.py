# misconception: a large negative number is as good as minus infinity
# message: mask it with -inf
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return (scores - slopes.view(-1, 1, 1) * distance).masked_fill(distance < 0, -1e9)
