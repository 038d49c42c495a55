# misconception: there are two parts
# message: wrong|index 1|shape
def merge_moments(counts, means, variances):
    if len(counts) == 1:
        return means[0].clone(), variances[0].clone()
    a, b = (counts[:2] / counts[:2].sum()).tolist()
    mean = a * means[0] + b * means[1]
    return mean, a * variances[0] + b * variances[1] + a * b * (means[0] - means[1]) ** 2
