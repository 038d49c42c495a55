# misconception: the weight multiplies at the end
# message: differs from the colleague's
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    return g * (Y_bar - N * (Y_bar * N).mean(dim=1, keepdim=True)) / s, (Y_bar * N).sum(dim=0)
