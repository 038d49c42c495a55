# misconception: far keys are lowered enough, also later ones
# message: which comes later
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    t = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1)
    return scores - slopes.view(-1, 1, 1) * (t - torch.arange(num_keys)).abs()
