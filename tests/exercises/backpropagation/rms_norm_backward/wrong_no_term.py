# misconception: the second term is the wrong one
# message: differs from the colleague's
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    return Y_bar * g / s, (Y_bar * N).sum(dim=0)
