# approach: one part after the other, as Chan, Golub and LeVeque merge two
def merge_moments(counts, means, variances):
    total, mean, variance = 0, means[0] * 0, means[0] * 0
    for count, part_mean, part_variance in zip(counts.tolist(), means, variances, strict=True):
        new = total + count
        step = part_mean - mean
        variance = (total * variance + count * part_variance + step**2 * total * count / new) / new
        mean = mean + step * count / new
        total = new
    return mean, variance
