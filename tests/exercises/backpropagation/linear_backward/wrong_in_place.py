# misconception: X is not needed any more
# message: changed its argument
def linear_backward(Y_bar, X, W):
    W_bar, b_bar = X.T @ Y_bar, Y_bar.sum(dim=0)
    X.copy_(Y_bar @ W.T)
    return X.clone(), W_bar, b_bar
