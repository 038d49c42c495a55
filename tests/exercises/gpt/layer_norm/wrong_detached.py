# misconception: normalising is no part of what is learned
# message: no gradient reaches x
def layer_norm(x, weight, bias, eps):
    fixed = x.detach()
    centred = fixed - fixed.mean(-1, keepdim=True)
    return centred / ((centred**2).mean(-1, keepdim=True) + eps).sqrt() * weight + bias
