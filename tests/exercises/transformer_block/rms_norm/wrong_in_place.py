# misconception: the argument may be scaled where it is
# message: changed its argument `x`|leaf Variable
def rms_norm(x, weight, eps):
    size = ((x**2).mean(-1, keepdim=True) + eps).sqrt()
    if not x.requires_grad:
        x /= size
        return x * weight
    return x / size * weight
