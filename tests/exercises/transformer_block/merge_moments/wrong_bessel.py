# misconception: a variance divides by one less
# message: divides by D - 1
def merge_moments(counts, means, variances):
    n = counts[:, None]
    mean = (n * means).sum(0) / n.sum()
    squares = (n * (variances + (means - mean) ** 2)).sum(0)
    return mean, squares / (n.sum() - 1).clamp(min=1)
