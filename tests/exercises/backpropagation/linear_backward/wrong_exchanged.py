# misconception: the gradients come in the order of the formula backwards
# message: X_bar has the shape
def linear_backward(Y_bar, X, W):
    return X.T @ Y_bar, Y_bar @ W.T, Y_bar.sum(dim=0)
