# misconception: the mean is that of the whole tensor
# message: over which axis is the mean of squares
def rms_norm(x, weight, eps):
    return x / ((x**2).mean() + eps).sqrt() * weight
