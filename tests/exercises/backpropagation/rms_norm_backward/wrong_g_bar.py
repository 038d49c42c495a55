# misconception: the wrong term is in the gradient of g
# message: differs from the colleague's|g_bar changes
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    return (N_bar - N * (N_bar * N).mean(dim=1, keepdim=True)) / s, (Y_bar * X).sum(dim=0)
