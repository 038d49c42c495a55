# misconception: the size is a constant for the gradient
# message: the gradient of x is wrong
def rms_norm(x, weight, eps):
    size = ((x.detach() ** 2).mean(-1, keepdim=True) + eps).sqrt()
    return x / size * weight
