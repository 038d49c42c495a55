# misconception: each token of distance costs 1
# message: does your code use the slopes
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return (scores - distance).masked_fill(distance < 0, -torch.inf)
