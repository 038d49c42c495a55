# misconception: the mean is to be a sum
# message: differs from the colleague's
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    return (N_bar - N * (N_bar * N).sum(dim=1, keepdim=True)) / s, (Y_bar * N).sum(dim=0)
