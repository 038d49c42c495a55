# misconception: words that occur in no pair are at the end of the table
# message: wrong for 3 words
import torch


def positive_pmi(counts):
    used = (counts.sum(0) + counts.sum(1)) > 0
    n = counts[used][:, used]
    pmi = (n * n.sum() / (n.sum(1, keepdim=True) * n.sum(0, keepdim=True))).nan_to_num(0).clamp(min=1).log()
    result = torch.zeros_like(counts)
    result[: len(n), : len(n)] = pmi
    return result
