# misconception: a normalised row has the mean square 1
# message: does your code use ε where
def rms_norm_backward(Y_bar, X, g, eps):
    s = (X.square().mean(dim=1, keepdim=True) + eps).sqrt()
    N = X / s
    N_bar = Y_bar * g
    share = (N_bar * N).sum(dim=1, keepdim=True) / N.square().sum(dim=1, keepdim=True).clamp(min=1e-30)
    return (N_bar - N * share) / s, (Y_bar * N).sum(dim=0)
