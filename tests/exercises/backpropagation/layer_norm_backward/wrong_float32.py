# misconception: single precision is exact enough
# message: sums to|stretching|nudging x measures|is wrong for random rows
def layer_norm_backward(Y_bar, N, s, g):
    Y_bar, N, s, g = (tensor.float() for tensor in (Y_bar, N, s, g))
    N_bar = Y_bar * g
    X_bar = (N_bar - N_bar.mean(dim=1, keepdim=True) - N * (N_bar * N).mean(dim=1, keepdim=True)) / s
    return X_bar.double(), (Y_bar * N).sum(dim=0).double(), Y_bar.sum(dim=0).double()
