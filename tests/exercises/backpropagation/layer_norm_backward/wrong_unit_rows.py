# misconception: a normalised row has the mean square 1
# message: with ε=1.0, X_bar
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    unit = N / N.square().mean(dim=1, keepdim=True).clamp(min=1e-12)
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - unit * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
