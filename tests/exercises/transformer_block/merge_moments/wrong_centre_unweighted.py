# misconception: distances are measured from the mean of the means
# message: get the variance
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    return (share * means).sum(0), (share * (variances + (means - means.mean(0)) ** 2)).sum(0)
