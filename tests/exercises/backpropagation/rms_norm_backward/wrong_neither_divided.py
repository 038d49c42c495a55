# misconception: the first term is to be like the second
# message: a tenth of
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    return N_bar - N * (N_bar * N).mean(dim=1, keepdim=True), (Y_bar * N).sum(dim=0)
