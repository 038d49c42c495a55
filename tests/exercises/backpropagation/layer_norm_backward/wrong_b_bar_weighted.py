# misconception: the bias is multiplied by the weight
# message: with which factor does b enter y
def layer_norm_backward(Y_bar, N, s, g):
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, (Y_bar * N).sum(dim=0), N_bar.sum(dim=0)
