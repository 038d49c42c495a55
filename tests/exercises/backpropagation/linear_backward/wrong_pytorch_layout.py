# misconception: the matrix has a row for each output, as in nn.Linear
# message: W_bar has the shape \(4, 2\)
def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, Y_bar.T @ X, Y_bar.sum(dim=0)
