# misconception: the second axis is normalised
# message: over which axis is the mean of squares|Dimension out of range|is not 1
def rms_norm(x, weight, eps):
    axis = 1 if x.ndim > 2 else -1
    return x / ((x**2).mean(axis, keepdim=True) + eps).sqrt() * weight
