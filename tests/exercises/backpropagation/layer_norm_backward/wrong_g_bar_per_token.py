# misconception: each token has a gradient of g
# message: g_bar has the shape
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, Y_bar * N, Y_bar.sum(dim=0)
