# misconception: the mean can be subtracted where it is
# message: your function changed the tensor `x`
def layer_norm(x, weight, bias, eps):
    x -= x.mean(-1, keepdim=True)
    return x / ((x**2).mean(-1, keepdim=True) + eps).sqrt() * weight + bias
