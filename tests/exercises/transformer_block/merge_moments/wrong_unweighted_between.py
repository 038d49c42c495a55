# misconception: only the mean needs weights
# message: get the variance
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    return mean, (share * variances).sum(0) + ((means - mean) ** 2).mean(0)
