# misconception: the terms are sums over the row
# message: adding the same number to all of x|stretching row 0
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.sum(dim=1, keepdim=True) - N * (N_bar * N).sum(dim=1, keepdim=True)) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
