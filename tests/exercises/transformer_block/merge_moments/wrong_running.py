# misconception: parts may be averaged two at a time with equal weight
# message: a part of three columns counts three times|gets the mean|get the mean
def merge_moments(counts, means, variances):
    mean, variance = means[0], variances[0]
    for m, v in zip(means[1:], variances[1:], strict=True):
        variance = (variance + v) / 2 + ((mean - m) / 2) ** 2
        mean = (mean + m) / 2
    return mean, variance
