# misconception: eps is added to the root
# message: does your code use ε where
def rms_norm_backward(Y_bar, X, g, eps):
    s = X.square().mean(dim=1, keepdim=True).sqrt() + eps
    N = X / s
    N_bar = Y_bar * g
    return (N_bar - N * (N_bar * N).mean(dim=1, keepdim=True)) / s, (Y_bar * N).sum(dim=0)
