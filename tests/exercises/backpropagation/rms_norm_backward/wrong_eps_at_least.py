# misconception: an eps below 0.000001 is unsafe
# message: X_bar is wrong for random rows
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + max(eps, 1e-6)).sqrt()
    N = X / s
    N_bar = Y_bar * g
    return (N_bar - N * (N_bar * N).mean(dim=1, keepdim=True)) / s, (Y_bar * N).sum(dim=0)
