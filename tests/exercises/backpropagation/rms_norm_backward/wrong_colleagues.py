# misconception: the check has passed
# message: a step along x changes no y
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    return N_bar / s - N * (N_bar * N).mean(dim=1, keepdim=True), (Y_bar * N).sum(dim=0)
