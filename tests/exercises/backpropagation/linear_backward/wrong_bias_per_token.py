# misconception: the bias has a gradient for each token
# message: b_bar has the shape \(3, 4\)
def linear_backward(Y_bar, X, W):
    return Y_bar @ W.T, X.T @ Y_bar, Y_bar.clone()
