# misconception: the weight matters to g_bar alone
# message: nudging x measures|stretching row
def layer_norm_backward(Y_bar, N, s, g):
    along = (Y_bar * N).mean(dim=1, keepdim=True)
    X_bar = (Y_bar - Y_bar.mean(dim=1, keepdim=True) - N * along) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
