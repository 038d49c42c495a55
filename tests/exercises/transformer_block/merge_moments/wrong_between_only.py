# misconception: the variance is that of the means
# message: variance of the means of the parts alone
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    return mean, (share * (means - mean) ** 2).sum(0)
