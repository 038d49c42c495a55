# misconception: the mask begins at position 0, though distances do not
# message: the queries are the last of all positions
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    later = torch.ones(num_queries, num_keys).triu(1).bool()
    return (scores - slopes.view(-1, 1, 1) * distance).masked_fill(later, -torch.inf)
