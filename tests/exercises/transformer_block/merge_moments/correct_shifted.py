# approach: the first part's mean is subtracted before the raw moments are taken; float32 with a matrix product
def merge_moments(counts, means, variances):
    share = counts / counts.sum()
    centre = means.mean(0)
    low = means - centre
    mean = share @ low
    return centre + mean, share @ (variances + (low - mean).square())
