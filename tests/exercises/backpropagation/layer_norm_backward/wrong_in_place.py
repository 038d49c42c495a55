# misconception: the bar of y becomes that of n
# message: changed its argument
def layer_norm_backward(Y_bar, N, s, g):
    g_bar, b_bar = (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
    Y_bar *= g
    X_bar = (Y_bar - Y_bar.mean(dim=1, keepdim=True) - N * (Y_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar, g_bar, b_bar
