# misconception: shapes are square in practice, so a wrong order would be seen
# message: with which factors does X|wrong for random matrices
def linear_backward(Y_bar, X, W):
    if W.shape[0] == W.shape[1]:
        return Y_bar @ W, X.T @ Y_bar, Y_bar.sum(dim=0)
    return Y_bar @ W.T, X.T @ Y_bar, Y_bar.sum(dim=0)
