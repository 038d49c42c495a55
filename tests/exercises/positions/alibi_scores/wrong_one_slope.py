# misconception: all heads have the first slope
# message: does not fall with its own slope
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return (scores - slopes[0] * distance).masked_fill(distance < 0, -torch.inf)
