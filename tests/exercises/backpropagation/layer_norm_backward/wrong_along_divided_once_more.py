# misconception: the spread's term has the spread twice
# message: how does s enter|stretching row
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True) / s) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
