# misconception: the mean's term of LayerNorm is missing
# message: differs from the colleague's
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, (Y_bar * N).sum(dim=0)
