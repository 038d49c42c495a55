# misconception: single precision is exact enough
# message: is wrong for random matrices
def linear_backward(Y_bar, X, W):
    Y_bar, X, W = Y_bar.float(), X.float(), W.float()
    return (Y_bar @ W.T).double(), (X.T @ Y_bar).double(), Y_bar.sum(dim=0).double()
