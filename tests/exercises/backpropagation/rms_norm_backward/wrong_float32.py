# misconception: single precision is exact enough
# message: nudging x measures|wrong for random rows|a step along x
def rms_norm_backward(Y_bar, X, g, eps):
    Y_bar, X, g = Y_bar.float(), X.float(), g.float()
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    X_bar = (N_bar - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar.double(), (Y_bar * N).sum(dim=0).double()
