# misconception: a matrix goes back as it went forward
# message: size mismatch|cannot be multiplied|incompatible
def linear_backward(Y_bar, X, W):
    return Y_bar @ W, X.T @ Y_bar, Y_bar.sum(dim=0)
