# misconception: the sums are divided by D - 1
# message: adding the same number|stretching row|nan|not finite|division by zero
def layer_norm_backward(Y_bar, N, s, g):
    N_bar, D = Y_bar * g, max(1, N.shape[1] - 1)
    along = (N_bar * N).sum(dim=1, keepdim=True) / D
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * along) / s
    return X_bar, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
