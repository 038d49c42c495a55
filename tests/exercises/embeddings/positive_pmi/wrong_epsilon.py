# misconception: a small count in place of 0 makes no difference
# message: n_wc=0
import torch


def positive_pmi(counts):
    rows, columns = counts.sum(1, keepdim=True), counts.sum(0)
    ratio = (counts + 1e-8) * counts.sum() / (rows * columns).clamp(min=1e-6)
    return torch.where(rows * columns > 0, ratio, 1).log().clamp(min=0)
