# misconception: scores may be lowered where they are
# message: changed the scores
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    scores -= slopes.view(-1, 1, 1) * distance
    return scores.masked_fill_(distance < 0, -torch.inf)
