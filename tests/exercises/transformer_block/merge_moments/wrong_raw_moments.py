# misconception: the mean of squares less the square of the mean is as accurate
# message: see the second warning
def merge_moments(counts, means, variances):
    share = (counts / counts.sum())[:, None]
    mean = (share * means).sum(0)
    return mean, ((share * (variances + means**2)).sum(0) - mean**2).clamp(min=0)
