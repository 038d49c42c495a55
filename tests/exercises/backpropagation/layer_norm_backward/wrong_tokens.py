# misconception: means run over the tokens
# message: adding the same number to all of x
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=0) - N * (N_bar * N).mean(dim=0)) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
