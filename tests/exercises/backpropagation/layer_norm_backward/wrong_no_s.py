# misconception: the spread is gone once the row is normalised
# message: how does s enter
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
