# approach: raw moments, in float64
def merge_moments(counts, means, variances):
    n = counts.double()[:, None]
    mean = (n * means).sum(0) / n.sum()
    squares = (n * (variances.double() + means.double() ** 2)).sum(0) / n.sum()
    return mean, (squares - mean**2).clamp(min=0)
