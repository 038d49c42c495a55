# misconception: normalising means to subtract the mean
# message: this has the mean 0, but its size is as before
def layer_norm(x, weight, bias, eps):
    return (x - x.mean(-1, keepdim=True)) * weight + bias
