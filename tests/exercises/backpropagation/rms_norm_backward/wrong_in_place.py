# misconception: the bar of y becomes that of n
# message: changed its argument
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    g_bar = (Y_bar * N).sum(dim=0)
    Y_bar.mul_(g)
    return (Y_bar - N * (Y_bar * N).mean(dim=1, keepdim=True)) / s, g_bar
