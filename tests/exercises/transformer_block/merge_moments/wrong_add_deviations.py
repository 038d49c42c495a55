# misconception: deviations may be merged instead of variances
# message: get the variance
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    return mean, (share * variances.sqrt()).sum(0) ** 2 + (share * (means - mean) ** 2).sum(0)
