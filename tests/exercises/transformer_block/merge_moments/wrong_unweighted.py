# misconception: all parts count alike
# message: a part of three columns counts three times
def merge_moments(counts, means, variances):
    mean = means.mean(0)
    return mean, (variances + (means - mean) ** 2).mean(0)
