# misconception: distances beyond 128 do not matter
# message: wrong for \d+ heads
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[1:]
    distance = torch.arange(num_keys - num_queries, num_keys).unsqueeze(1) - torch.arange(num_keys)
    return (scores - slopes.view(-1, 1, 1) * distance.clamp(max=128)).masked_fill(distance < 0, -torch.inf)
