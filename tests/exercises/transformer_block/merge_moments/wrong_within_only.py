# misconception: the variance is the mean of the variances
# message: this is the mean of the variances of the parts, which
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    return (share * means).sum(0), (share * variances).sum(0)
