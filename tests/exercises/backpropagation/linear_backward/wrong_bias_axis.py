# misconception: the sum runs over the columns
# message: b_bar has the shape \(3,\)
def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, X.T @ Y_bar, Y_bar.sum(dim=1)
