# misconception: the penalty alone is the result
# message: does not depend on the scores
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return (-slopes.view(-1, 1, 1) * distance).masked_fill(distance < 0, -torch.inf)
