# misconception: the root mean square is the standard deviation
# message: you divide by the standard deviation
def rms_norm(x, weight, eps):
    return x / (x.var(-1, keepdim=True, correction=0) + eps).sqrt() * weight
