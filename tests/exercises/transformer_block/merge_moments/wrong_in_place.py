# misconception: the means may be centred where they are
# message: changed its argument `means`
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    means -= mean
    return mean, (share * (variances + means**2)).sum(0)
