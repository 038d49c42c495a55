# approach: head by head and query by query
import torch


def alibi_scores(scores, slopes):
    num_heads, num_queries, num_keys = scores.shape
    result = torch.full_like(scores, -torch.inf)
    s = torch.arange(num_keys)
    for head in range(num_heads):
        for query in range(num_queries):
            t = num_keys - num_queries + query
            result[head, query, : t + 1] = scores[head, query, : t + 1] - slopes[head] * (t - s[: t + 1])
    return result
