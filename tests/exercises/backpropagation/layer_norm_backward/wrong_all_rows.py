# misconception: means run over everything
# message: adding the same number to all of x|stretching row
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean() - N * (N_bar * N).mean()) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
