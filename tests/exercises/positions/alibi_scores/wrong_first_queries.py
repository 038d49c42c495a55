# misconception: the first query stands at position 0
# message: the queries are the last of all positions
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_queries).unsqueeze(1) - torch.arange(num_keys)
    return (scores - slopes.view(-1, 1, 1) * distance).masked_fill(distance < 0, -torch.inf)
