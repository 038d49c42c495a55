# misconception: infinity times 0 is 0
# message: the result holds nan
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return scores - slopes.view(-1, 1, 1) * distance.clamp(min=0) - torch.inf * (distance < 0)
