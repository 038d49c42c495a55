# misconception: the spread is the standard deviation
# message: this is the standard deviation
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    return mean, (share * (variances + (means - mean) ** 2)).sum(0).sqrt()
