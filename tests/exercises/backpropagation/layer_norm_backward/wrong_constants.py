# misconception: mean and spread are constants
# message: adding the same number to all of x
def layer_norm_backward(Y_bar, N, s, g):
    return Y_bar * g / s, (Y_bar * N).sum(dim=0), Y_bar.sum(dim=0)
