# approach: a mask from triu, and a bias with minus infinity
import torch


def alibi_scores(scores, slopes):
    num_queries, num_keys = scores.shape[-2:]
    later = torch.ones(num_queries, num_keys, dtype=torch.bool).triu(1 + num_keys - num_queries)
    t = torch.arange(num_keys)[-num_queries:]
    bias = torch.einsum("h,ts->hts", slopes, (torch.arange(num_keys) - t[:, None]).float())
    return scores + torch.where(later, -torch.inf, bias)
