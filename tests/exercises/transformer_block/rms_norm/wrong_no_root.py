# misconception: dividing by the mean of squares gives size 1
# message: you divide by the mean square itself
def rms_norm(x, weight, eps):
    return x / ((x**2).mean(-1, keepdim=True) + eps) * weight
