# misconception: the weight is stored as its difference to 1
# message: 1 is not added|is not 1
def rms_norm(x, weight, eps):
    return x / ((x**2).mean(-1, keepdim=True) + eps).sqrt() * (1 + weight)
